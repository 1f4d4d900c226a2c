using Osapi.Operations;

namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>
/// The rules of a checked plan, written from docs/checks.md alone: after changes that cannot be predicted a host cannot know that a thing
/// does not exist, so that this is no failure, but no prediction either.
/// </summary>
internal sealed class CheckOracle(FleetPlan plan)
{
    private readonly HashSet<(int Task, int Host)> unpredictable = [];

    /// <summary>Gets the reply that counts, once the tasks before have ended.</summary>
    public ScriptedReply Revise(FleetTask task, int host, ScriptedReply reply)
    {
        if (!plan.Check || task.Target == FleetTarget.Function)
            return reply;
        var isTolerated = reply == ScriptedReply.FailedForGood && Before(task).Any(earlier => unpredictable.Contains((earlier, host)));
        if (isTolerated)
            reply = task.Idempotency == Idempotency.ReadOnly ? ScriptedReply.Ok : ScriptedReply.Changed;
        if (reply == ScriptedReply.Changed && (isTolerated || task.Idempotency == Idempotency.NonIdempotent))
            unpredictable.Add((task.Id, host));
        return reply;
    }

    private HashSet<int> Before(FleetTask task)
    {
        HashSet<int> all = [];
        Stack<int> open = new(task.Dependencies);
        while (open.TryPop(out var next))
            if (all.Add(next))
                foreach (var dependency in plan[next].Dependencies)
                    open.Push(dependency);
        return all;
    }
}
