namespace Osapi.Transport;

/// <summary>The three logs.</summary>
public enum StreamName
{
    /// <summary>The source of truth: each job's record, and every state of each of its executors.</summary>
    Jobs,

    /// <summary>The commands to each host.</summary>
    Commands,

    /// <summary>The jobs for any host; the only log that is also a queue.</summary>
    WorkQueue,
}
