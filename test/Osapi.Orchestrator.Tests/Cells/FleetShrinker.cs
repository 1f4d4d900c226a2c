namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>Makes a failing plan smaller, as long as it still fails: without tasks, hosts, modifiers and options.</summary>
internal static class FleetShrinker
{
    public static async Task<FleetPlan> ShrinkAsync(FleetPlan plan, Func<FleetPlan, Task<bool>> fails)
    {
        // A plan that hangs takes long each time.
        for (var budget = 3000; budget > 0;)
        {
            var found = false;
            foreach (var smaller in Smaller(plan))
            {
                if (--budget <= 0)
                    break;
                if (!await fails(smaller))
                    continue;
                (plan, found) = (smaller, true);
                break;
            }

            if (!found)
                return plan;
        }

        return plan;
    }

    private static IEnumerable<FleetPlan> Smaller(FleetPlan plan)
    {
        for (var size = plan.Tasks.Length / 2; size > 0; size /= 2)
            for (var start = plan.Tasks.Length - size; start >= 0; start -= size)
                yield return Without(plan, [.. plan.Tasks.Skip(start).Take(size).Select(task => task.Id)]);
        for (var size = plan.Hosts.Length / 2; size > 0; size /= 2)
            for (var start = plan.Hosts.Length - size; start >= 0; start -= size)
                if (plan.Hosts.Length > size && plan.Hosts.Skip(start).Take(size).ToArray() is var gone && plan.Hosts.Except(gone).Except(plan.Drained).Any())
                    yield return plan with { Hosts = [.. plan.Hosts.Except(gone)], Drained = [.. plan.Drained.Except(gone)], Drains = [.. plan.Drains.Where(drain => !gone.Contains(drain.Host))] };
        foreach (var simpler in Options(plan))
            if (!simpler.ToString().Equals(plan.ToString(), StringComparison.Ordinal))
                yield return simpler;
        foreach (var task in plan.Tasks)
            foreach (var simpler in Simpler(task))
                if (simpler.ToString() != task.ToString() || simpler.PlainFailures != task.PlainFailures)
                    yield return plan with { Tasks = [.. plan.Tasks.Select(one => one.Id == task.Id ? simpler : one)] };
    }

    private static IEnumerable<FleetPlan> Options(FleetPlan plan) =>
    [
        plan with { Unselected = [] },
        plan with { LimitGroup = null },
        plan with { Drained = [] },
        plan with { Drains = [] },
        plan with { Check = false },
        plan with { Flow = PlanFlow.Task },
        plan with { Barriers = false },
        plan with { MaxParallelism = null },
        plan with { Stops = false },
        plan with { Streams = false },
        plan with { Throws = false },
        plan with { IsOld = false },
        plan with { Probes = false },
        plan with { CancelAt = null },
        plan with { DeadlineAt = null },
        plan with { AbandonAt = null },
        plan with { AlwaysTimeout = null },
    ];

    private static IEnumerable<FleetTask> Simpler(FleetTask task)
    {
        foreach (var dependency in task.Dependencies)
            if (task.Dependencies.Length > 1 && task.Target != FleetTarget.SameAs)
                yield return task with { Dependencies = [.. task.Dependencies.Where(id => id != dependency)] };
        if (!task.OnlyIfChanged && !task.OnlyIfFailed && !task.Always && task.Target != FleetTarget.SameAs)
            yield return task with { Dependencies = [] };
        yield return task with { Guard = FleetGuard.None };
        yield return task with { GuardsHosts = false };
        yield return task with { Requests = 0 };
        yield return task with { OnlyIfChanged = false };
        yield return task with { OnlyIfFailed = false };
        yield return task with { Always = false };
        yield return task with { Retries = 0 };
        yield return task with { Backoff = false };
        yield return task with { Limit = null };
        yield return task with { Stops = null };
        yield return task with { Allowed = null };
        yield return task with { Max = null };
    }

    // What depended on a task that goes depends on what that one depended on.
    private static FleetPlan Without(FleetPlan plan, HashSet<int> gone)
    {
        List<FleetTask> left = [];
        foreach (var task in plan.Tasks)
        {
            if (gone.Contains(task.Id))
                continue;
            int[] dependencies = [.. Left(plan, task, gone).Order()];
            var kept = task with { Dependencies = dependencies };
            if (kept.Target == FleetTarget.SameAs && gone.Contains(kept.TargetId))
                kept = kept with { Target = FleetTarget.All };
            if (dependencies is [])
                kept = kept with { OnlyIfChanged = false, OnlyIfFailed = false, Always = false };
            left.Add(kept);
        }

        return plan with { Tasks = [.. left] };
    }

    private static HashSet<int> Left(FleetPlan plan, FleetTask task, HashSet<int> gone)
    {
        HashSet<int> left = [], seen = [];
        Stack<int> open = new(task.Dependencies);
        while (open.TryPop(out var id))
            if (!gone.Contains(id))
                left.Add(id);
            else if (seen.Add(id))
                foreach (var dependency in plan[id].Dependencies)
                    open.Push(dependency);
        return left;
    }
}
