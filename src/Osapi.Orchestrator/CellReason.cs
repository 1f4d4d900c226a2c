namespace Osapi.Orchestrator;

/// <summary>One step of the explanation of a cell: the cell itself first, then the one that it is due to, and so on.</summary>
public sealed record CellReason
{
    /// <summary>The name of the task.</summary>
    public required string Task { get; init; }

    /// <summary>The host; null for a task that does not run on hosts.</summary>
    public string? Host { get; init; }

    /// <summary>The status of the cell.</summary>
    public required Status Status { get; init; }

    /// <summary>The kind of the reason.</summary>
    public required ReasonKind Kind { get; init; }

    /// <summary>The reason as text: the error of a failed cell, the reason of a skipped one.</summary>
    public required string Text { get; init; }

    /// <summary>The time from the start of the run until the cell started, or ended without a start.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>The dependency that ended last; null when the cell waited for none.</summary>
    public string? WaitedForTask { get; init; }

    /// <summary>The host on which the dependency ended last; null for a task that does not run on hosts.</summary>
    public string? WaitedForHost { get; init; }

    /// <summary>The part of <see cref="Waited"/> after the last dependency had ended, because too many calls were running.</summary>
    public TimeSpan Queued { get; init; }
}

/// <summary>The kinds of reasons.</summary>
public enum ReasonKind
{
    /// <summary>The task ran because its dependencies had ended.</summary>
    Ready,

    /// <summary>The task ran because a dependency had changed something; the next step is that dependency.</summary>
    Changed,

    /// <summary>The task ran because a dependency had failed; the next step is that dependency.</summary>
    Recovery,

    /// <summary>The task runs always.</summary>
    Always,

    /// <summary>The task failed.</summary>
    Failed,

    /// <summary>The task was skipped after a failure; the next step is where it came from.</summary>
    DependencyFailed,

    /// <summary>The task was skipped because no dependency had changed anything.</summary>
    NoChange,

    /// <summary>The task was skipped because no dependency had failed.</summary>
    NoFailure,

    /// <summary>The task was skipped because none of its dependencies had started.</summary>
    NotStarted,

    /// <summary>The task was skipped by its own guard.</summary>
    Guard,

    /// <summary>The task was skipped because there was no host.</summary>
    NoHosts,

    /// <summary>The host was drained.</summary>
    Drained,

    /// <summary>The host skipped the operation.</summary>
    SkippedByHost,

    /// <summary>The failure of a task stopped the plan, or the task itself on its other hosts; the next step is that failure.</summary>
    Stopped,

    /// <summary>The caller cancelled the run.</summary>
    Cancelled,

    /// <summary>The plan's deadline passed.</summary>
    DeadlinePassed,

    /// <summary>The task, or its host, was not selected for the run.</summary>
    NotSelected,
}
