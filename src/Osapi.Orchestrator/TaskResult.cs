using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Orchestrator;

/// <summary>The result of one task. The report contains exactly one for every task of a plan.</summary>
public sealed record TaskResult
{
    // A report keeps one of these for every task: a DateTime is half the size of the property's type, and a byte a quarter.
    private readonly DateTime startedAt;
    private readonly DateTime endedAt;
    private readonly Result? details;
    private readonly byte status;

    /// <summary>The name of the task.</summary>
    public required string Name { get; init; }

    /// <summary>The status: changed, unchanged, skipped, failed or cancelled.</summary>
    public required Status Status { get => (Status)status; init => status = (byte)value; }

    /// <summary>True when something changed, even if the task then failed.</summary>
    public bool Changed { get; init; }

    /// <summary>The duration from the start of the first attempt to the end of the last one; zero when the body never started.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The error; null when there is none.</summary>
    public Exception? Error { get; init; }

    /// <summary>The reason for skipping the task; null when it was not skipped.</summary>
    public string? SkipReason { get; init; }

    /// <summary>The number of attempts.</summary>
    public int Attempts { get; init; }

    /// <summary>The start of the first attempt; null when there was none.</summary>
    public DateTimeOffset? StartedAt
    {
        get => startedAt == default ? null : new(startedAt, TimeSpan.Zero);
        init => startedAt = value?.UtcDateTime ?? default;
    }

    /// <summary>The time at which the task ended.</summary>
    public DateTimeOffset EndedAt
    {
        get => new(endedAt, TimeSpan.Zero);
        init => endedAt = value.UtcDateTime;
    }

    /// <summary>True when the task had ended, on all its hosts, before the run was resumed.</summary>
    public bool IsRestored { get; init; }

    /// <inheritdoc cref="Result.Data"/>
    public JsonObject? Data { get => details?.Data; init => details = Details with { Data = value }; }

    /// <summary>The results of the hosts.</summary>
    public IReadOnlyList<HostResult> HostResults { get => details?.HostResults ?? []; init => details = Details with { HostResults = value }; }

    /// <inheritdoc cref="Result.Items"/>
    public IReadOnlyList<ItemResult> Items { get => details?.Items ?? []; init => details = Details with { Items = value }; }

    /// <inheritdoc cref="Result.JobId"/>
    public JobId? JobId { get => details?.JobId; init => details = Details with { JobId = value }; }

    /// <inheritdoc cref="Result.JobDuration"/>
    public TimeSpan? JobDuration { get => details?.JobDuration; init => details = Details with { JobDuration = value }; }

    internal object? Value => details?.Value;

    /// <summary>The result that the task's body returned, with the members above.</summary>
    internal Result? Result { init => details = value; }

    // The copy that later tasks read. Hooks and the report hold this object's own Data, which they may change without affecting later tasks.
    internal Result? Kept { get; init; }

    private Result Details => details ?? new();
}
