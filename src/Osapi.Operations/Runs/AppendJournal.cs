using Osapi.Operations.Json;

namespace Osapi.Operations.Runs;

/// <summary>
/// Appends entries to the journal of a run, all or none, only if nobody has appended since: a conflict means that another runner has taken
/// over. Only the subject that the runner has may append.
/// </summary>
public sealed record AppendJournal
{
    /// <summary>The id of the run.</summary>
    public required RunId Id { get; init; }

    /// <summary>The runner that appends.</summary>
    public required RunId Runner { get; init; }

    /// <summary>The position after which the entries belong: that of the journal's last message.</summary>
    [Range(1, 9007199254740991)] public required long After { get; init; }

    /// <summary>An id of this call. A repeated call whose entries are the last ones already answers with their position.</summary>
    public required RunId Batch { get; init; }

    /// <summary>The entries, 1 to 1,000, 256 KiB in total.</summary>
    [Length(1, 1000)] public required IReadOnlyList<JournalEntry> Entries { get; init; }
}

/// <summary>A position of a journal.</summary>
/// <param name="Position">The position of the message that was appended.</param>
public sealed record JournalPosition(long Position);

public static partial class RunOperations
{
    /// <inheritdoc cref="AppendJournal"/>
    public static ControllerOperation<AppendJournal, JournalPosition> Append { get; } = new("run.journal.append", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/run/{id}/journal"),
        Permission = Permissions.RunWrite,
        HasCommand = false,
        HasLargeRequest = true,
        SuccessStatus = 200,
        Request = RunsJson.Requests.AppendJournal,
        Result = RunsJson.Results.JournalPosition,
        Changed = static _ => true,
        Example = static () => (RunExamples.Append, new(18)),
    };
}

public sealed partial class RunClient
{
    /// <inheritdoc cref="AppendJournal"/>
    public Task<JournalPosition> AppendAsync(AppendJournal request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(RunOperations.Append, request, options, cancellationToken);
}
