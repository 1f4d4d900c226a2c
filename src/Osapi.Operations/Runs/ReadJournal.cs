using Osapi.Operations.Json;

namespace Osapi.Operations.Runs;

/// <summary>Reads the journal of a run, the oldest entries first.</summary>
public sealed record ReadJournal
{
    /// <summary>The id of the run.</summary>
    public required RunId Id { get; init; }

    /// <summary>Only messages after this position; default: all.</summary>
    [Range(0, 9007199254740991)] public long? After { get; init; }

    /// <summary>The maximum number of messages, 1 to 1000; default: 100. A page has at most 1 MiB, and at least one message.</summary>
    [Range(1, 1000)] public int? Limit { get; init; }
}

/// <summary>A page of a journal.</summary>
public sealed record JournalPage
{
    /// <summary>The messages, the oldest first; empty at the end.</summary>
    public IReadOnlyList<JournalBatch> Items { get => field ?? []; init; }

    /// <summary>The position after the page; null when it is the last one.</summary>
    public long? NextAfter { get; init; }
}

/// <summary>A message of a journal.</summary>
public sealed record JournalBatch
{
    /// <summary>The position in the log.</summary>
    public required long Position { get; init; }

    /// <summary>The time, by the store's clock.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>The runner that appended it; null for what a controller wrote.</summary>
    public RunId? Runner { get; init; }

    /// <summary>The entries.</summary>
    public IReadOnlyList<JournalEntry> Entries { get => field ?? []; init; }
}

public static partial class RunOperations
{
    /// <inheritdoc cref="ReadJournal"/>
    public static ControllerOperation<ReadJournal, JournalPage> Journal { get; } = new("run.journal.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/run/{id}/journal"),
        Permission = Permissions.RunRead,
        HasCommand = false,
        Request = RunsJson.Requests.ReadJournal,
        Result = RunsJson.Results.JournalPage,
        Example = static () => (new() { Id = RunExamples.Id }, RunExamples.Journal),
    };
}

public sealed partial class RunClient
{
    /// <inheritdoc cref="ReadJournal"/>
    public Task<JournalPage> JournalAsync(ReadJournal request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(RunOperations.Journal, request, options, cancellationToken);
}
