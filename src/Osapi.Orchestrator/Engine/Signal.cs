namespace Osapi.Orchestrator.Engine;

/// <summary>A signal to the loop, and the task that it is about.</summary>
internal readonly record struct Signal(SignalKind Kind, TaskRun? Task = null);

internal enum SignalKind
{
    /// <summary>An attempt of the task has ended.</summary>
    Ended,

    /// <summary>The delay before the task's next attempt is over.</summary>
    RetryDue,

    /// <summary>The task's time limit has passed.</summary>
    TimeUp,

    /// <summary>The run is cancelled, by its caller or its deadline.</summary>
    Aborted,
}
