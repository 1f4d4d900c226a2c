namespace Osapi.Orchestrator;

/// <summary>The status of a task.</summary>
public enum Status
{
    /// <summary>The task has not started.</summary>
    Pending,

    /// <summary>The task has started and not ended.</summary>
    Running,

    /// <summary>The task succeeded and changed something.</summary>
    Changed,

    /// <summary>The task succeeded and changed nothing.</summary>
    Unchanged,

    /// <summary>The task was not run; the reason is reported with the status.</summary>
    Skipped,

    /// <summary>The task failed.</summary>
    Failed,

    /// <summary>The task was stopped, or never started, because the run was stopped or cancelled.</summary>
    Cancelled,
}

/// <summary>The text form of a <see cref="Status"/>.</summary>
public static class StatusText
{
    /// <summary>Returns the status in lower case, as in a summary: <c>unchanged</c>.</summary>
    public static string ToText(this Status status) => status switch
    {
        Status.Pending => "pending",
        Status.Running => "running",
        Status.Changed => "changed",
        Status.Unchanged => "unchanged",
        Status.Skipped => "skipped",
        Status.Failed => "failed",
        Status.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
