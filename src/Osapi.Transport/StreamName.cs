namespace Osapi.Transport;

/// <summary>The logs.</summary>
public enum StreamName
{
    /// <summary>The source of truth: each job's record, and every state of each of its executors.</summary>
    Jobs,

    /// <summary>The commands to each host.</summary>
    Commands,

    /// <summary>The jobs for any host; the only log that is also a queue.</summary>
    WorkQueue,

    /// <summary>The journals of runs, and what orders the runs of a plan. Controllers write and read it, agents do not.</summary>
    Runs,

    /// <summary>The heads of the controllers' audit chains and, in a shared store, their entries. Controllers write and read it, agents do not.</summary>
    Audit,
}
