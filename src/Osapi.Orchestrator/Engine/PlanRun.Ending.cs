namespace Osapi.Orchestrator.Engine;

internal sealed partial class PlanRun
{
    private void AttemptEnded(TaskRun run)
    {
        if (run.IsTimedOut)
            Fail(run, TimedOut(run));
        else if (run.Error is null)
            End(run, run.Changed ? Status.Changed : Status.Unchanged);
        else if (run.Error is OperationCanceledException && (run.Token.IsCancellationRequested || IsAborted))
            End(run, Status.Cancelled);
        else
            RetryOrFail(run, run.Error);
    }

    private void RetryOrFail(TaskRun run, Exception error)
    {
        try
        {
            if (RetryFor(run, error) is { } retry)
            {
                Retry(run, retry, error);
                return;
            }
        }
        catch (Exception exception)
        {
            // The plan's own predicate threw. Both errors matter: the failure, and the reason for not retrying.
            error = new AggregateException(error, exception);
        }

        Fail(run, error);
    }

    private RetryStrategy? RetryFor(TaskRun run, Exception error) =>
        !IsHalted(run.Task.Index) && StrategyOf(run.Task) is RetryStrategy retry && run.Attempts <= retry.RetryCount
            && retry.Accepts(error) && run.Task.Body.CanRetry(run, retry) ? retry : null;

    private void Retry(TaskRun run, RetryStrategy retry, Exception error)
    {
        hooks.OnRetry(run.Task, run.Attempts, error);
        var delay = Backoff.Jittered(Backoff.Delay(retry, run.Attempts), Plan.Options.Random());
        if (delay > TimeSpan.Zero)
        {
            waiting.Add(run);
            run.WaitToRetry(delay);
        }
        else
        {
            Queue(run);
        }
    }

    private void Queue(TaskRun run)
    {
        run.State = TaskRunState.Queued;
        retries.Add(run.Task.Index, run);
        queued.Add(run.Task.Index);
    }

    // A running body is cancelled by its token and ends by itself; a task between two attempts ends here.
    private void OnTimeout(TaskRun run)
    {
        run.IsTimedOut = true;
        if (run.State == TaskRunState.Running)
            return;
        waiting.Remove(run);
        if (retries.Remove(run.Task.Index))
            queued.Remove(run.Task.Index);
        Fail(run, TimedOut(run));
    }

    private void Fail(TaskRun run, Exception error) => Fail(run.Task, Ended(run, Status.Failed) with { Error = error });

    private void Fail(PlanTask task, TaskResult result)
    {
        levels?.Begin(graph.LevelOf[task.Index]);
        var stops = !stopped && StrategyOf(task).After(Plan.Options.OnError.After(ErrorStrategy.StopAll)) == ErrorStrategy.StopAll;
        if (stops)
        {
            // Before any hook is called: a slow hook must not keep other tasks running.
            stopped = true;
            Cancellation.Request(stopping);
        }

        End(task, result);
        if (stops)
            CancelWaiting();
    }

    // Tasks that wait for their turn or their next attempt end now, in plan order; running tasks end by themselves.
    private void CancelWaiting()
    {
        foreach (var run in waiting.Where(run => IsHalted(run.Task.Index)).OrderBy(run => run.Task.Index).ToList())
        {
            waiting.Remove(run);
            End(run, Status.Cancelled);
        }

        List<int> remaining = [];
        while (queued.TryTake(out var index))
            if (IsHalted(index))
                Start(index);
            else
                remaining.Add(index);
        remaining.ForEach(queued.Add);
    }

    private void End(TaskRun run, Status status) => End(run.Task, Ended(run, status));

    private void End(PlanTask task, TaskResult result)
    {
        var index = task.Index;
        results[index] = result;
        ended++;
        if (result.Attempts > 0)
            lastToRun = index;
        hooks.AfterTask(task, result);
        var levelEnded = levels?.End(graph.LevelOf[index]) ?? false;

        var failed = result.Status == Status.Failed || (result.Status == Status.Skipped && readiness[index].FailedBefore);
        foreach (var dependent in graph.DependentsOf(index))
        {
            ref var next = ref readiness[dependent];
            next.FailedBefore |= failed;
            next.ChangedBefore |= result.Changed;
            if (--next.WaitsFor > 0)
                continue;
            next.LastDependency = index;
            if (!Plan.Options.LevelBarriers)
                ready.Add(dependent);
        }

        if (levelEnded && Plan.Options.LevelBarriers)
            MakeReady(graph.LevelOf[index] + 1);
    }

    private TaskResult Ended(TaskRun run, Status status)
    {
        run.End();
        endedAfterAbort |= run.EndedAfterAbort;
        var result = run.Result;
        return new()
        {
            Name = run.Task.Name,
            Status = status,
            Changed = run.Changed,
            Duration = run.Duration,
            Error = run.Error,
            Attempts = run.Attempts,
            StartedAt = run.StartedAt,
            EndedAt = run.StartedAt + run.Duration,
            Data = result?.Data,
            HostResults = result?.HostResults ?? [],
            JobId = result?.JobId,
            JobDuration = result?.JobDuration,
            Value = result?.Value,
            Kept = run.Kept,
        };
    }

    private ErrorStrategy StrategyOf(PlanTask task) => task.ErrorStrategy ?? Plan.Options.OnError;

    private static TimeoutException TimedOut(TaskRun run) => new($"the task took longer than {run.Task.TimeLimit!.Value}", run.Error);

    private Report MakeReport()
    {
        List<TaskResult> criticalPath = [];
        for (var index = lastToRun; index >= 0; index = readiness[index].LastDependency)
            if (results[index]!.Attempts > 0)
                criticalPath.Add(results[index]!);
        criticalPath.Reverse();
        return new(graph, results, criticalPath.AsReadOnly(), hooks.Errors)
        {
            StartedAt = startTime,
            Duration = Clock.GetElapsedTime(startedAt),
            Outcome = Outcome(),
        };
    }

    private PlanOutcome Outcome()
    {
        // Regardless of the tasks: a body that ignores its token may have done all its work.
        if (endedAfterAbort)
            return Volatile.Read(ref firstAbort) == (int)AbortCause.Deadline ? PlanOutcome.TimedOut : PlanOutcome.Cancelled;
        return results.Any(result => result!.Status is Status.Failed or Status.Cancelled) ? PlanOutcome.Failed : PlanOutcome.Succeeded;
    }
}
