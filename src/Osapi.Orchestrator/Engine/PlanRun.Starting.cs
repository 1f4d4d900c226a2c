namespace Osapi.Orchestrator.Engine;

internal sealed partial class PlanRun
{
    // With barriers a whole level at a time, otherwise every task that waits for nothing.
    private void MakeReady(int level)
    {
        if (Plan.Options.LevelBarriers)
        {
            if (level < graph.LevelCount)
                foreach (var task in graph.Levels[level])
                    ready.Add(task.Index);
        }
        else
        {
            for (var task = 0; task < readiness.Length; task++)
                if (readiness[task].WaitsFor == 0)
                    ready.Add(task);
        }
    }

    /// <summary>Decides on every task that can be decided on, then starts what may start, each in plan order.</summary>
    private void Advance()
    {
        while (true)
        {
            if (ready.TryTake(out var task))
                Decide(task);
            else if (running < limit && queued.TryTake(out task))
                Start(task);
            else
                return;
        }
    }

    private void Decide(int place)
    {
        var task = graph.Tasks[place];
        if (IsHalted(place))
            End(task, Unstarted(task, Status.Cancelled));
        else if (readiness[place].SkipReason(task) is { } reason)
            Skip(task, reason);
        else if (task.HasGuard)
            EvaluateGuards(task);
        else
            Admit(place);
    }

    private void EvaluateGuards(PlanTask task)
    {
        var seen = ResultsFor(task.Index);
        foreach (var guard in task.Guards)
        {
            try
            {
                if (guard.Holds(seen))
                    continue;
            }
            catch (Exception exception)
            {
                Fail(task, Unstarted(task, Status.Failed) with { Error = exception });
                return;
            }

            Skip(task, guard.Reason);
            return;
        }

        Admit(task.Index);
    }

    private void Admit(int place)
    {
        if (limit == int.MaxValue)
            Start(place);
        else
            queued.Add(place);
    }

    private void Start(int place)
    {
        var task = graph.Tasks[place];
        if (IsHalted(place))
        {
            End(task, retries.Remove(place, out var halted) ? Ended(halted, Status.Cancelled) : Unstarted(task, Status.Cancelled));
            return;
        }

        if (!retries.Remove(place, out var run))
        {
            levels?.Begin(graph.LevelOf[place]);
            hooks.BeforeTask(task);
            run = new(this, task, !graph.DependentsOf(place).IsEmpty, task.RequiresFailure ? aborting.Token : stopping.Token);
        }

        running++;
        run.Start();
    }

    private void Skip(PlanTask task, string reason)
    {
        levels?.Begin(graph.LevelOf[task.Index]);
        hooks.OnSkip(task, reason);
        End(task, Unstarted(task, Status.Skipped) with { SkipReason = reason });
    }

    /// <summary>True when the task may not start any more. After a failure that stops the plan only recovery from a failure starts.</summary>
    private bool IsHalted(int place) =>
        IsAborted || (stopped && !(graph.Tasks[place].RequiresFailure && readiness[place].FailedBefore));

    // The end of a task whose body was never started: at this moment, by this decision.
    private TaskResult Unstarted(PlanTask task, Status status)
    {
        endedAfterAbort |= IsAborted;
        return new() { Name = task.Name, Status = status, EndedAt = At(Clock.GetTimestamp()) };
    }
}
