namespace Osapi.Orchestrator.Engine;

internal sealed partial class PlanRun
{
    // With barriers a whole level at a time, otherwise every task without pending dependencies.
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

    /// <summary>Decides every task whose dependencies have ended, then starts tasks up to the limit, both in plan order.</summary>
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

    private void Decide(int index)
    {
        var task = graph.Tasks[index];
        if (IsHalted(index))
            End(task, Unstarted(task, Status.Cancelled));
        else if (readiness[index].SkipReason(task) is { } reason)
            Skip(task, reason);
        else if (task.HasGuard)
            EvaluateGuards(task);
        else
            Admit(index);
    }

    private void EvaluateGuards(PlanTask task)
    {
        var guardResults = ResultsFor(task.Index);
        foreach (var guard in task.Guards)
        {
            try
            {
                if (guard.Holds(guardResults))
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

    private void Admit(int index)
    {
        if (limit == int.MaxValue)
            Start(index);
        else
            queued.Add(index);
    }

    private void Start(int index)
    {
        var task = graph.Tasks[index];
        if (IsHalted(index))
        {
            End(task, retries.Remove(index, out var halted) ? Ended(halted, Status.Cancelled) : Unstarted(task, Status.Cancelled));
            return;
        }

        if (!retries.Remove(index, out var run))
        {
            levels?.Begin(graph.LevelOf[index]);
            hooks.BeforeTask(task);
            run = new(this, task, !graph.DependentsOf(index).IsEmpty, task.RequiresFailure ? aborting.Token : stopping.Token);
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

    /// <summary>Determines whether the task may not start any more. After a failure that stops the plan, only recovery tasks start.</summary>
    private bool IsHalted(int index) =>
        IsAborted || (stopped && !(graph.Tasks[index].RequiresFailure && readiness[index].FailedBefore));

    // The result of a task whose body was never started; it ends now.
    private TaskResult Unstarted(PlanTask task, Status status)
    {
        endedAfterAbort |= IsAborted;
        return new() { Name = task.Name, Status = status, EndedAt = At(Clock.GetTimestamp()) };
    }
}
