using System.Security.Claims;
using Osapi.Controller.Runs.Detached;
using Osapi.Controller.Runs.ReadModel;
using Osapi.Controller.Runs.Runners;
using Osapi.Operations.Runs;
using Osapi.Transport;

namespace Osapi.Controller.Runs;

/// <summary>Makes another runner the one that may append to a journal.</summary>
internal sealed class RunTakeover(ITransport transport, RunJournals journals, RunIndex index, RunFollower follower, RunnerPresence presence, RunStart start, HandOver handOver, HandedOverInputs inputs)
{
    private const int MaxAttempts = 20;

    /// <returns>The state after the takeover.</returns>
    public async Task<JournalState> TakeOverAsync(TakeOverRun request, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        RunRules.Check(request);
        var caller = user.FindFirst("sub")?.Value ?? "";
        if (request.Detached is not { } given)
            return await TakeOverAsync(request, caller, detached: null, inputsAt: 0, cancellationToken) ?? throw RunConflict.TooLate(request.Id);
        var run = await journals.GetAsync(request.Id, cancellationToken);
        if (run.Head.Runner == request.Runner && run.Head.Caller == caller && run is { IsOver: false, Head.Detached: not null })
            return run;
        await follower.ReachAsync(run.Position, cancellationToken);
        var content = index.ContentOf(run);
        handOver.Check(given, request.Tasks ?? content?.Tasks ?? [], content?.Files.Count > 0, user);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
            if (await handOver.StoreAsync(request.Id, given, user, (detached, position) => TakeOverAsync(request, caller, detached, position, cancellationToken), cancellationToken) is { } taken)
                return taken;
        throw RunConflict.TooLate(request.Id);
    }

    // Null when the run ended after the inputs were stored: they are removed with those that it had, and must be stored again.
    private async Task<JournalState?> TakeOverAsync(TakeOverRun request, string caller, DetachedHead? detached, long inputsAt, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var run = await journals.GetAsync(request.Id, cancellationToken);
            if (run.SupersededBy is not null)
                throw RunConflict.Replaced(run);
            if (run.Head.Runner == request.Runner && !run.IsOver)
                return run.Head.Caller == caller ? run : throw RunConflict.NotCaller(run);
            if (!run.IsOver && request.Force is not true && await presence.FindOutAsync(run, isPatient: request.Wait is true, cancellationToken))
                throw RunConflict.Heard(run);
            if (detached is not null && run.IsOver && inputsAt < run.End)
                return null;
            if (await TryAsync(run, request, caller, detached, cancellationToken) is not { } next)
                continue;
            await follower.ReachAsync(next.Position, cancellationToken);
            if (run.Head.Detached is not null && detached is null)
                await inputs.RemoveAsync(next, cancellationToken);
            return next;
        }

        throw RunConflict.TooLate(request.Id);
    }

    private async Task<JournalState?> TryAsync(JournalState run, TakeOverRun request, string caller, DetachedHead? detached, CancellationToken cancellationToken)
    {
        await follower.ReachAsync(run.Position, cancellationToken);
        RunMessage message = new()
        {
            Runner = request.Runner,
            Head = await HeadAsync(run, request, caller, detached, cancellationToken),
            Entries = [detached is null ? new() { Kind = JournalEntryKind.Takeover } : HandOver.Takeover],
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

    private async Task<RunHead> HeadAsync(JournalState run, TakeOverRun request, string caller, DetachedHead? detached, CancellationToken cancellationToken)
    {
        var head = run.Head with
        {
            Caller = caller,
            Runner = request.Runner,
            Hash = request.Hash ?? run.Head.Hash,
            TaskCount = request.Tasks?.Count ?? run.Head.TaskCount,
            Detached = detached is not null && IsRetry(request) ? detached with { RetryUpTo = run.Position } : detached,
        };
        if (request.Tasks is null && request.Values is null)
            return head;
        var before = index.ContentOf(run) ?? new();
        var (key, content) = ContentPart.Split(run.Id, before with { Tasks = request.Tasks ?? before.Tasks, Values = request.Values ?? before.Values });
        await transport.AppendAsync(content, cancellationToken);
        return head with { Content = key };
    }

    private static bool IsRetry(TakeOverRun request) => request.Detached is { RetryFailed: true } or { Rerun.Count: > 0 };
}
