namespace Osapi.Orchestrator;

/// <summary>Where a task stands, or how it ended.</summary>
public enum Status
{
    /// <summary>Nothing is known yet.</summary>
    Pending,

    /// <summary>It has started and not ended.</summary>
    Running,

    /// <summary>It succeeded and something is not as it was before.</summary>
    Changed,

    /// <summary>It succeeded and everything is as it was before.</summary>
    Unchanged,

    /// <summary>It was not run, for a reason that stands beside the status.</summary>
    Skipped,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It was stopped, or never started, because the run was stopped or cancelled.</summary>
    Cancelled,
}

/// <summary>The written form of a <see cref="Status"/>.</summary>
public static class StatusText
{
    /// <summary>The status in lower case, as it stands in a summary: <c>unchanged</c>.</summary>
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
