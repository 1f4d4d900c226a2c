using System.Collections.Concurrent;
using Osapi.Controller.Runs.ReadModel;
using Osapi.Operations.Runs;
using Osapi.Transport;
using Osapi.Transport.Runs;

namespace Osapi.Controller.Runs;

/// <summary>The journals of runs: finds the state of a run as the log has it, and appends after it by compare-and-set.</summary>
internal sealed class RunJournals(ITransport transport, RunIndex index)
{
    private const int Page = 500;

    // The runs that append: each controller has few of them at a time.
    private const int MaxKnown = 1000;

    private readonly ConcurrentDictionary<RunId, JournalState> known = new();

    /// <summary>Finds the state of a run with everything that was appended before the call; null when there is no such run.</summary>
    public async Task<JournalState?> FindAsync(RunId id, CancellationToken cancellationToken)
    {
        var state = index.Find(id);
        for (var after = state?.End ?? 0; await transport.ReadAsync(StreamName.Runs, RunSubjects.Journal(id), after, Page, cancellationToken) is { Count: > 0 } page; after = page[^1].Sequence)
            foreach (var message in page)
                state = JournalState.Apply(state, message, JournalState.Read(message));
        return state is { Removed: true } ? null : state;
    }

    /// <inheritdoc cref="FindAsync"/>
    /// <exception cref="Osapi.Operations.OperationException">There is no such run.</exception>
    public async Task<JournalState> GetAsync(RunId id, CancellationToken cancellationToken) => await FindAsync(id, cancellationToken) ?? throw RunConflict.NotFound(id);

    /// <summary>Gets the state of a run as it was a moment ago: for decisions that the log makes again.</summary>
    /// <exception cref="Osapi.Operations.OperationException">There is no such run.</exception>
    public async Task<JournalState> GetRecentAsync(RunId id, CancellationToken cancellationToken) =>
        known.TryGetValue(id, out var recent) ? recent : await RefreshAsync(id, cancellationToken);

    /// <summary>Gets the state of a run, and remembers it.</summary>
    /// <exception cref="Osapi.Operations.OperationException">There is no such run.</exception>
    public async Task<JournalState> RefreshAsync(RunId id, CancellationToken cancellationToken)
    {
        known.TryRemove(id, out _);
        var state = await GetAsync(id, cancellationToken);
        Remember(state);
        return state;
    }

    /// <inheritdoc cref="AppendAsync(JournalState, RunMessage, IReadOnlyList{Append}, CancellationToken)"/>
    public Task<JournalState?> AppendAsync(JournalState state, RunMessage message, CancellationToken cancellationToken) => AppendAsync(state, message, [], cancellationToken);

    /// <summary>Appends a message after the newest one of a run, and other messages before it.</summary>
    /// <returns>The state after it; null when something was appended meanwhile.</returns>
    /// <exception cref="TransportException">The message may or may not have been appended.</exception>
    public async Task<JournalState?> AppendAsync(JournalState state, RunMessage message, IReadOnlyList<Append> before, CancellationToken cancellationToken)
    {
        var bytes = RunJson.Pack(message, RunJson.Stored.RunMessage);
        var subject = RunSubjects.Journal(state.Id);
        // Another call must not go on from a state that may no longer be the newest.
        known.TryRemove(state.Id, out _);
        var result = await transport.AppendAsync([.. before, new(StreamName.Runs, subject, bytes, state.End)], cancellationToken);
        if (!result.Appended)
            return null;
        state = JournalState.Apply(state, new(subject, result.Sequence, transport.ServerNow, bytes), message)!;
        Remember(state);
        return state;
    }

    /// <summary>Forgets what is known of a run, because it has changed.</summary>
    public void Observe(JournalState state)
    {
        if (known.TryGetValue(state.Id, out var recent) && recent.End < state.End)
            known.TryRemove(KeyValuePair.Create(state.Id, recent));
    }

    private void Remember(JournalState state)
    {
        if (known.Count >= MaxKnown)
            known.Clear();
        if (state.IsOver)
            known.TryRemove(state.Id, out _);
        else
            known[state.Id] = state;
    }
}
