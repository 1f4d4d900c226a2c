namespace Osapi.Orchestrator.Tests.Properties;

/// <summary>The expected results without an engine: the outcome of each task of a plan that nothing stops.</summary>
internal static class Oracle
{
    public static IReadOnlyList<Status> Statuses(RandomPlan world)
    {
        var statuses = new Status[world.Tasks.Length];
        var changed = new bool[world.Tasks.Length];
        var failed = new bool[world.Tasks.Length];
        for (var place = 0; place < statuses.Length; place++)
        {
            var task = world.Tasks[place];
            var failedBefore = task.Dependencies.Any(dependency => failed[dependency]);
            // A recovery needs a dependency that failed itself, after it had started.
            var itselfFailed = task.Dependencies.Any(dependency => statuses[dependency] == Status.Failed);
            var changedBefore = task.Dependencies.Any(dependency => changed[dependency]);
            var recovers = task.OnlyIfFailed && task.Dependencies.Length > 0;
            var reacts = task.OnlyIfChanged && task.Dependencies.Length > 0;
            var skipped = (failedBefore && task.Guard is null && !recovers)
                || (recovers && !itselfFailed)
                || (reacts && !changedBefore)
                || task.Guard is false;
            statuses[place] = skipped ? Status.Skipped : task.Failures > task.Retries ? Status.Failed : task.Changes ? Status.Changed : Status.Unchanged;
            changed[place] = statuses[place] == Status.Changed;
            failed[place] = statuses[place] == Status.Failed || (skipped && failedBefore);
        }

        return statuses;
    }

    /// <summary>Gets the longest path through a plan in which everything succeeds at once.</summary>
    public static TimeSpan CriticalPath(RandomPlan world)
    {
        var ends = new long[world.Tasks.Length];
        for (var place = 0; place < ends.Length; place++)
            ends[place] = world.Tasks[place].Latency + world.Tasks[place].Dependencies.Select(dependency => ends[dependency]).DefaultIfEmpty().Max();
        return TimeSpan.FromTicks(ends.DefaultIfEmpty().Max());
    }
}
