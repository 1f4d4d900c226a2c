namespace Osapi.Transport;

/// <summary>The three logs.</summary>
public enum StreamName
{
    /// <summary>The truth: each job's record, and every state of each of its executors.</summary>
    Jobs,

    /// <summary>What each host is told to do.</summary>
    Commands,

    /// <summary>Jobs for whichever host is free first; the only log that is also a queue.</summary>
    WorkQueue,
}
