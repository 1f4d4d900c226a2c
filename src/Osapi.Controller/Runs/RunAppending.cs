using Osapi.Controller.Runs.ReadModel;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs;

/// <summary>Appends the entries of a runner to its journal.</summary>
internal sealed class RunAppending(RunJournals journals, RunIndex index, OwedHosts hosts)
{
    private const int MaxAttempts = 3;

    public async Task<JournalPosition> AppendAsync(AppendJournal request, string caller, CancellationToken cancellationToken)
    {
        var entries = RunRules.Check(request.Entries);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var run = await (attempt == 0 ? journals.GetRecentAsync(request.Id, cancellationToken) : journals.RefreshAsync(request.Id, cancellationToken));
            if (run.Position < request.After && attempt == 0)
                continue;
            if (PositionOf(run, request, caller) is { } position)
                return new(position);
            if (await journals.AppendAsync(run, MessageOf(run, request, entries), cancellationToken) is { } next)
                return new(next.Position);
        }

        throw RunConflict.TooLate(request.Id);
    }

    // The position of a batch that was appended before; null for one that is to be appended.
    private static long? PositionOf(JournalState run, AppendJournal request, string caller)
    {
        if (run.Head.Runner == request.Runner && run.Head.Caller != caller)
            throw RunConflict.NotCaller(run);
        if (run.Head.Runner == request.Runner && run.Batch == request.Batch)
            return run.Position;
        if (run.IsOver || run.Head.Runner != request.Runner)
            throw RunConflict.Replaced(run);
        return run.Position == request.After ? null : throw RunConflict.TooLate(run.Id);
    }

    private RunMessage MessageOf(JournalState run, AppendJournal request, IReadOnlyList<JournalEntry> entries) => new()
    {
        Runner = request.Runner,
        Batch = request.Batch,
        Entries = [.. entries.Select(entry => entry.Owed.Count == 0 ? entry : entry with { Owed = OwedAfter(run, entry.Owed) })],
    };

    // What is owed keeps the run that made the change: the runner tells it by name and host only.
    private IReadOnlyList<OwedStep> OwedAfter(JournalState run, IReadOnlyList<OwedStep> owed)
    {
        var taken = index.TakenBy(run.Id).ToLookup(step => (step.Task, step.Host));
        return [.. owed.DistinctBy(step => (step.Task, step.Host)).Select(step => taken[(step.Task, step.Host)].FirstOrDefault() is { } earlier
            ? earlier with { TakenBy = null }
            : hosts.WithKey(new() { Task = step.Task, Host = step.Host, Operation = step.Operation, Run = run.Id, Caller = run.Caller, Since = step.Since is { } since && since > run.Started && since < run.Updated ? since : run.Updated }))];
    }
}
