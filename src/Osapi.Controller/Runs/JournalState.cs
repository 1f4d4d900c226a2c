using System.Text.Json.Serialization;
using Osapi.Operations.Runs;
using Osapi.Transport;
using Osapi.Transport.Runs;

namespace Osapi.Controller.Runs;

/// <summary>The state of a run: a fold over the messages of its journal, in which what is not valid changes nothing.</summary>
internal sealed record JournalState
{
    /// <summary>The plan and the present runner.</summary>
    public required RunHead Head { get; init; }

    /// <summary>The caller that started it.</summary>
    public required string Caller { get; init; }

    /// <summary>The position of its start.</summary>
    public required long Start { get; init; }

    /// <summary>The position of its newest valid message.</summary>
    public required long Position { get; init; }

    /// <summary>The position of its newest message, valid or not, which the store compares when another one is appended.</summary>
    public required long End { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>The time of the newest message.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>The time at which the present runner began.</summary>
    public required DateTimeOffset RunnerSince { get; init; }

    /// <summary>The id of the call that appended the newest message; null when a controller did.</summary>
    public RunId? Batch { get; init; }

    /// <summary>The final status; null while the run has not ended.</summary>
    public RunStatus? Outcome { get; init; }

    public DateTimeOffset? Ended { get; init; }

    public RunId? SupersededBy { get; init; }

    public bool? Removed { get; init; }

    [JsonIgnore]
    public RunId Id => Head.Id;

    [JsonIgnore]
    public bool IsOver => Outcome is not null;

    /// <summary>Reads a message of a journal; null for one that is not valid, which changes nothing.</summary>
    public static RunMessage? Read(Message message) =>
        message.Rejection is null && RunJson.Unpack(message.Payload.Span, RunJson.Stored.RunMessage) is { } read ? read : null;

    /// <summary>Applies a message of the run's subject.</summary>
    /// <param name="state">The state before it; null before the start.</param>
    /// <param name="message">The message.</param>
    /// <param name="read">The same, as it was read; null when it is not valid.</param>
    public static JournalState? Apply(JournalState? state, Message message, RunMessage? read)
    {
        if (state is null)
            return read is { Head: { } head } && RunSubjects.ParseJournal(message.Subject) == head.Id ? Begin(head, message) : null;
        state = state with { End = message.Sequence };
        if (read is null || state.Removed is true)
            return state;
        state = state with { Position = message.Sequence, Batch = read.Batch, Updated = message.Time };
        if (read.Removed is true)
            return state with { Removed = true };
        if (read.SupersededBy is { } successor)
            return state with { SupersededBy = successor, Outcome = RunStatus.Superseded, Ended = message.Time };
        if (read.Head is { } next && next.Id == state.Id)
            return state with { Head = next with { Concurrent = state.Head.Concurrent, Superseded = state.Head.Superseded }, RunnerSince = message.Time, Outcome = null, Ended = null };
        return read.Entries.LastOrDefault(entry => entry.Kind == JournalEntryKind.Over) is { } over
            ? state with { Outcome = OutcomeOf(over) ?? RunStatus.Failed, Ended = message.Time }
            : state;
    }

    /// <summary>Gets the status that the end of a run has; null for none.</summary>
    public static RunStatus? OutcomeOf(JournalEntry over) => over.Status switch
    {
        "succeeded" => RunStatus.Succeeded,
        "failed" => RunStatus.Failed,
        "cancelled" => RunStatus.Cancelled,
        "timed_out" => RunStatus.TimedOut,
        _ => null,
    };

    private static JournalState Begin(RunHead head, Message message) => new()
    {
        Head = head,
        Caller = head.Caller,
        Start = message.Sequence,
        Position = message.Sequence,
        End = message.Sequence,
        Started = message.Time,
        Updated = message.Time,
        RunnerSince = message.Time,
    };
}
