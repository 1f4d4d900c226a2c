using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator;

/// <summary>The result of a task on one host.</summary>
public sealed record HostResult
{
    private readonly Status? status;

    /// <summary>The name of the host.</summary>
    public required string Hostname { get; init; }

    /// <summary>True when the host changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The error, or the reason for skipping the host; null or empty when it succeeded.</summary>
    public string? Error { get; init; }

    /// <summary>The result of the host as JSON.</summary>
    public JsonObject? Data
    {
        // A run over a fleet has many results, of which few are read.
        get => field ??= Reply is null ? null : HostAttempt.DataOf(Reply);
        init => (field, Reply) = (value, null);
    }

    /// <summary>The results of the items, in order; empty for a task without items, and when the task did not start on the host.</summary>
    public IReadOnlyList<ItemResult> Items { get; init; } = [];

    /// <summary>The outcome of the operation on the host; null when no operation was called.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>The kind of the error; null without one.</summary>
    public ErrorType? ErrorType { get; init; }

    /// <summary>The predicted change when the call was a check; otherwise null.</summary>
    public CheckResult? Check { get; init; }

    /// <summary>The id of the job of a retry to this host alone; null when the result is from the task's own job.</summary>
    public JobId? JobId { get; init; }

    /// <summary>The status of the task on the host; if it is not given, the outcome as a status.</summary>
    public Status Status
    {
        get => status ?? Outcome switch
        {
            Operations.Outcome.Skipped => Status.Skipped,
            Operations.Outcome.Cancelled => Status.Cancelled,
            Operations.Outcome.Running => Status.Running,
            _ when IsFailure => Status.Failed,
            _ => Changed ? Status.Changed : Status.Unchanged,
        };
        init => status = value;
    }

    /// <summary>The reason for skipping the task on the host; null when it was not skipped.</summary>
    public string? SkipReason { get; init; }

    /// <summary>True for a failure within the task's <see cref="PlanTask.AllowedHostFailures"/>, and for what was skipped on the host because of one.</summary>
    public bool IsExcused { get; init; }

    /// <summary>The number of attempts; 0 when the task did not start on the host.</summary>
    public int Attempts { get; init; }

    /// <summary>The start of the first attempt; null when there was none.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The duration from the start of the first attempt to the end of the last one; zero when there was none.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>True when the task had ended on the host before the run was resumed.</summary>
    public bool IsRestored { get; init; }

    // A skipped host has its reason as the error and is not a failure. A host that never ended or was cancelled did not complete the
    // operation.
    internal bool IsFailure => Outcome switch
    {
        Operations.Outcome.Skipped => false,
        null or Operations.Outcome.Ok => !string.IsNullOrEmpty(Error),
        _ => true,
    };

    /// <summary>The reply from which <see cref="Data"/> is created when it is read; null when there is none, or the data is given.</summary>
    internal HostReply? Reply { get; init; }

    /// <summary>The status that the engine determined; null for that of the outcome.</summary>
    internal Status? DecidedStatus { init => status = value; }

    /// <summary>Returns a copy that does not change when a reader changes the data of this one.</summary>
    internal HostResult Copy() => Reply is not null ? this with { Data = null, Reply = Reply }
        : Data is null ? this
        : this with { Data = (JsonObject)Data.DeepClone() };
}
