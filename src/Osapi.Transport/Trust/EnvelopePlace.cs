namespace Osapi.Transport.Trust;

/// <summary>The place of a payload in the transport. What was sealed for one place is valid in no other.</summary>
internal enum EnvelopePlace : byte
{
    /// <summary>The log of jobs.</summary>
    Jobs = 1,

    /// <summary>The log of commands.</summary>
    Commands = 2,

    /// <summary>The queue of jobs for any host.</summary>
    WorkQueue = 3,

    /// <summary>The bucket of agent records.</summary>
    Hosts = 4,

    /// <summary>The bucket of operators' decisions.</summary>
    Roster = 5,

    /// <summary>Signals.</summary>
    Signals = 6,

    /// <summary>Large results.</summary>
    Results = 7,

    /// <summary>Stored files.</summary>
    Files = 8,

    /// <summary>The log of runs.</summary>
    Runs = 9,

    /// <summary>The log of audit chains.</summary>
    Audit = 10,
}
