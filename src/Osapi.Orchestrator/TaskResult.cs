using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Orchestrator;

/// <summary>How one task ended. Every task of a plan has exactly one in the report.</summary>
public sealed record TaskResult
{
    // A report keeps one of these for every task: half the size of what the properties show.
    private readonly DateTime startedAt;
    private readonly DateTime endedAt;

    /// <summary>The task.</summary>
    public required string Name { get; init; }

    /// <summary>How it ended: changed, unchanged, skipped, failed or cancelled.</summary>
    public required Status Status { get; init; }

    /// <summary>True when something is not as it was before, also when the task then failed.</summary>
    public bool Changed { get; init; }

    /// <summary>From the start of the first attempt to the end of the last one; zero when the body never started.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>What went wrong; null when nothing did.</summary>
    public Exception? Error { get; init; }

    /// <summary>Why it was skipped; null unless it was.</summary>
    public string? SkipReason { get; init; }

    /// <summary>How often the body was started.</summary>
    public int Attempts { get; init; }

    /// <summary>When the body first started; null when it never did.</summary>
    public DateTimeOffset? StartedAt
    {
        get => startedAt == default ? null : new(startedAt, TimeSpan.Zero);
        init => startedAt = value?.UtcDateTime ?? default;
    }

    /// <summary>When the task ended.</summary>
    public DateTimeOffset EndedAt
    {
        get => new(endedAt, TimeSpan.Zero);
        init => endedAt = value.UtcDateTime;
    }

    /// <inheritdoc cref="Result.Data"/>
    public JsonObject? Data { get; init; }

    /// <summary>One entry for each host that was asked.</summary>
    public IReadOnlyList<HostResult> HostResults { get; init; } = [];

    /// <inheritdoc cref="Result.JobId"/>
    public JobId? JobId { get; init; }

    /// <inheritdoc cref="Result.JobDuration"/>
    public TimeSpan? JobDuration { get; init; }

    internal object? Value { get; init; }

    // What later tasks read. Hooks and the report hold this object's own Data, which they may change without a later task seeing it.
    internal Result? Kept { get; init; }
}
