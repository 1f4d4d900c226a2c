using Osapi.Controller.Runs.ReadModel;
using Osapi.Controller.Runs.Runners;
using Osapi.Operations.Runs;
using Osapi.Transport;

namespace Osapi.Controller.Runs;

/// <summary>Makes another runner the one that may append to a journal.</summary>
internal sealed class RunTakeover(ITransport transport, RunJournals journals, RunIndex index, RunFollower follower, RunnerPresence presence, RunStart start)
{
    private const int MaxAttempts = 20;

    /// <returns>The state after the takeover.</returns>
    public async Task<JournalState> TakeOverAsync(TakeOverRun request, string caller, CancellationToken cancellationToken)
    {
        RunRules.Check(request);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var run = await journals.GetAsync(request.Id, cancellationToken);
            if (run.SupersededBy is not null)
                throw RunConflict.Replaced(run);
            if (run.Head.Runner == request.Runner && !run.IsOver)
                return run.Head.Caller == caller ? run : throw RunConflict.NotCaller(run);
            if (!run.IsOver && request.Force is not true && await presence.FindOutAsync(run, cancellationToken))
                throw RunConflict.Heard(run);
            if (await TryAsync(run, request, caller, cancellationToken) is not { } next)
                continue;
            await follower.ReachAsync(next.Position, cancellationToken);
            return next;
        }

        throw RunConflict.TooLate(request.Id);
    }

    private async Task<JournalState?> TryAsync(JournalState run, TakeOverRun request, string caller, CancellationToken cancellationToken)
    {
        await follower.ReachAsync(run.Position, cancellationToken);
        RunMessage message = new()
        {
            Runner = request.Runner,
            Head = await HeadAsync(run, request, caller, cancellationToken),
            Entries = [new() { Kind = JournalEntryKind.Takeover }],
            // A run that had ended goes on with what it owes, unless another run has it.
            Taken = run.IsOver ? index.OwedBy(run.Id) : [],
        };
        // An interrupted run still holds the name of its plan; one that has ended needs it again.
        return run is { IsOver: true, Head.Concurrent: not true }
            ? await journals.AppendAsync(run, message, [RunStart.Hold(message, await FreeAsync(run, cancellationToken))], cancellationToken)
            : await journals.AppendAsync(run, message, cancellationToken);
    }

    // The position after which the run can hold the name of its plan.
    private async Task<long> FreeAsync(JournalState run, CancellationToken cancellationToken)
    {
        var (position, holder) = await start.HolderAsync(run.Head.Plan, cancellationToken);
        return holder is { IsOver: false } && holder.Id != run.Id ? throw RunConflict.GoesOn(holder, run.Head.Plan) : position;
    }

    private async Task<RunHead> HeadAsync(JournalState run, TakeOverRun request, string caller, CancellationToken cancellationToken)
    {
        var head = run.Head with { Caller = caller, Runner = request.Runner, Hash = request.Hash ?? run.Head.Hash, TaskCount = request.Tasks?.Count ?? run.Head.TaskCount };
        if (request.Tasks is null && request.Values is null)
            return head;
        var before = index.ContentOf(run) ?? new();
        var (key, content) = ContentPart.Split(run.Id, before with { Tasks = request.Tasks ?? before.Tasks, Values = request.Values ?? before.Values });
        await transport.AppendAsync(content, cancellationToken);
        return head with { Content = key };
    }
}
