using Osapi.Controller.Runs.ReadModel;
using Osapi.Operations.Runs;
using Osapi.Transport;
using Osapi.Transport.Runs;

namespace Osapi.Controller.Runs;

/// <summary>Removes runs that are over, and steps that nobody owes any more.</summary>
/// <remarks>A tombstone at the end of the journal decides it for every controller; then the rest is removed. The id stays reserved while the tombstone is there.</remarks>
internal sealed class RunRemoval(ITransport transport, RunJournals journals, RunIndex index, RunFollower follower)
{
    /// <summary>Removes a run; nothing happens when it has changed meanwhile.</summary>
    public async Task RemoveAsync(JournalState run, CancellationToken cancellationToken)
    {
        // A controller that reads the log from its beginning must not find again what this run has done for others.
        var owed = index.Owed(run.Head.Plan).Select(Key).ToHashSet();
        if (index.TakenBy(run.Id).Where(step => !owed.Contains(Key(step))).ToList() is { Count: > 0 } done)
            await ForgetAsync(run.Head.Plan, done, cancellationToken);
        // Nobody may find the name held by a run that is not there.
        var plan = RunSubjects.Plan(run.Head.Plan);
        if (await transport.LastAsync(StreamName.Runs, plan, cancellationToken) is { } last
            && RunJson.Unpack(last.Payload.Span, RunJson.Stored.PlanLock) is { Start.Head.Id: var holder } && holder == run.Id)
            await transport.RemoveAsync(StreamName.Runs, [last.Sequence], cancellationToken);
        if (await journals.AppendAsync(run, new() { Removed = true }, cancellationToken) is not { } tombstone)
            return;
        await transport.PurgeAsync(StreamName.Runs, RunSubjects.Journal(run.Id), tombstone.Position, cancellationToken);
        await transport.PurgeAsync(StreamName.Runs, RunSubjects.Content(run.Id), before: null, cancellationToken);
        await transport.PurgeAsync(StreamName.Runs, RunSubjects.Wish(run.Id), before: null, cancellationToken);
        await follower.ReachAsync(tombstone.Position, cancellationToken);
    }

    /// <summary>Records that steps are not owed any more.</summary>
    public async Task ForgetAsync(string plan, IReadOnlyList<OwedStep> steps, CancellationToken cancellationToken)
    {
        var message = RunJson.Pack(new ForgottenSteps(plan, steps), RunJson.Stored.ForgottenSteps);
        var result = await transport.AppendAsync([new(StreamName.Runs, RunSubjects.Forgotten(plan), message)], cancellationToken);
        await follower.ReachAsync(result.Sequence, cancellationToken);
    }

    private static (string Task, string? Host, RunId? Run) Key(OwedStep step) => (step.Task, step.Host, step.Run);
}
