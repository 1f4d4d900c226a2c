using Osapi.Controller.Runs.ReadModel;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs.Detached;

/// <summary>Takes over detached runs for this controller, and gives them back, by compare-and-set: of several controllers one wins.</summary>
internal sealed class DetachedClaims(RunJournals journals, RunFollower follower, ControllerIdentity self)
{
    private const int MaxAttempts = 20;

    /// <summary>Takes over a run for a new runner in this process.</summary>
    /// <returns>The state after it; null when the run has changed since.</returns>
    public async Task<JournalState?> TryClaimAsync(JournalState seen, CancellationToken cancellationToken)
    {
        if (await journals.FindAsync(seen.Id, cancellationToken) is not { IsOver: false, Head.Detached: { } detached } run || run.Head.Runner != seen.Head.Runner)
            return null;
        var claimed = await AppendAsync(
            run, run.Head with { Runner = RunId.New(), Detached = detached with { Waiting = null, Node = self.Id, Controller = self.Name, Takeovers = detached.Takeovers + 1 } }, cancellationToken);
        if (claimed is not null)
            await follower.ReachAsync(claimed.Position, cancellationToken);
        return claimed;
    }

    /// <summary>Gives a run back, so that another controller takes it over at once; does nothing when its runner is another one by now.</summary>
    public async Task ReleaseAsync(RunId id, RunId runner, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await journals.FindAsync(id, cancellationToken) is not { IsOver: false, Head.Detached: { } detached } run || run.Head.Runner != runner)
                return;
            // A takeover that was given back was no failure.
            if (await AppendAsync(run, run.Head with { Runner = RunId.New(), Detached = detached with { Waiting = true, Takeovers = detached.Takeovers - 1 } }, cancellationToken) is not null)
                return;
        }
    }

    private Task<JournalState?> AppendAsync(JournalState run, RunHead head, CancellationToken cancellationToken) =>
        journals.AppendAsync(run, new() { Runner = head.Runner, Head = head, Entries = [head.Detached!.Waiting is true ? HandOver.Takeover : new() { Kind = JournalEntryKind.Takeover, Host = self.Name }] }, cancellationToken);
}
