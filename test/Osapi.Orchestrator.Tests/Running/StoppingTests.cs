namespace Osapi.Orchestrator.Tests.Running;

public sealed class StoppingTests
{
    [Fact]
    public async Task A_failure_that_stops_the_plan_cancels_what_runs()
    {
        var plan = Plans.Plan();
        Gate running = new();
        plan.Waits("running", running);
        plan.TaskFunc("fails", async (_, _) =>
        {
            await running.Started.Task;
            throw new InvalidOperationException("boom");
        });

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Cancelled, Status.Failed], report.Statuses());
        Assert.Equal((PlanOutcome.Failed, false), (report.Outcome, report.Succeeded));
        Assert.Equal(1, report.Get("running")!.Attempts);
        Assert.Equal("2 tasks, 1 failed, 1 cancelled", report.Summary());
    }

    [Fact]
    public async Task A_sibling_that_ends_anyway_keeps_its_status()
    {
        Gate stopped = new();
        var plan = Plans.Plan(new() { Hooks = new() { AfterTask = (task, _) => OpenAfterFailure(task, stopped) } });
        plan.TaskFunc("succeeds", async (_, _) => await stopped.Result.Task);
        plan.TaskFunc("fails too", async (_, _) =>
        {
            await stopped.Result.Task;
            throw new InvalidOperationException("also");
        }).OnError(ErrorStrategy.Retry(5));
        plan.Fails("fails");

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Changed, Status.Failed, Status.Failed], report.Statuses());
        Assert.Equal(1, report.Get("fails too")!.Attempts);
    }

    [Fact]
    public async Task The_token_is_cancelled_before_any_hook_is_called_for_the_failure()
    {
        var cancelled = false;
        CancellationToken token = default;
        Gate running = new();
        var plan = Plans.Plan(new() { Hooks = new() { AfterTask = (task, _) => cancelled |= task.Name == "fails" && token.IsCancellationRequested } });
        plan.TaskFunc("running", async (_, cancellationToken) =>
        {
            token = cancellationToken;
            running.Started.SetResult();
            return await running.Result.Task.WaitAsync(cancellationToken);
        });
        plan.TaskFunc("fails", async (_, _) =>
        {
            await running.Started.Task;
            throw new InvalidOperationException("boom");
        });

        await plan.ToEndAsync();

        Assert.True(cancelled);
    }

    [Fact]
    public async Task A_task_in_backoff_is_cancelled_at_once()
    {
        VirtualTime time = new();
        Plan plan = new(null, Plans.On(time));
        plan.FailsAtFirst("retried", times: 9).OnError(ErrorStrategy.Retry(9, TimeSpan.FromHours(1), TimeSpan.FromHours(1)));
        plan.TaskFunc("fails", async (_, cancellationToken) =>
        {
            await time.SleepAsync(1, TimeSpan.FromSeconds(1), cancellationToken);
            throw new InvalidOperationException("boom");
        });

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Cancelled, Status.Failed], report.Statuses());
        Assert.Equal(TimeSpan.FromSeconds(1), report.Duration);
        Assert.Equal(TimeSpan.FromSeconds(1), report.Get("retried")!.Duration);
        Assert.Equal("failure 1", report.Get("retried")!.Error!.Message);
    }

    [Fact]
    public async Task Tasks_in_backoff_are_cancelled_in_plan_order()
    {
        VirtualTime time = new();
        Trace trace = new();
        Plan plan = new(null, Plans.On(time) with { Hooks = new() { AfterTask = trace.Hooks.AfterTask } });
        foreach (var (name, seconds) in (IEnumerable<(string, int)>)[("a", 3), ("b", 1), ("c", 2), ("stops", 4)])
        {
            var place = plan.Tasks.Count;
            plan.TaskFunc(name, async (_, cancellationToken) =>
            {
                await time.SleepAsync(place, TimeSpan.FromSeconds(seconds), cancellationToken);
                throw new InvalidOperationException("boom");
            }).OnError(name == "stops" ? ErrorStrategy.StopAll : ErrorStrategy.Retry(1, TimeSpan.FromHours(1), TimeSpan.FromHours(1)));
        }

        await plan.ToEndAsync();

        Assert.Equal(["after-stops", "after-a", "after-b", "after-c"], trace.Events);
    }

    [Fact]
    public async Task A_task_that_never_ran_is_not_on_the_critical_path()
    {
        Plan plan = new(null, new() { MaxParallelism = 1 });
        plan.Fails("a");
        plan.Does("b");

        var report = await plan.ToEndAsync();

        Assert.Equal(["a"], report.CriticalPath.Select(task => task.Name));
        Assert.Equal(Status.Cancelled, report.Get("b")!.Status);
    }

    [Fact]
    public async Task Recovery_runs_after_a_failure_that_stopped_the_plan_and_so_does_its_own_retry()
    {
        var plan = Plans.Plan();
        var a = plan.Fails("a");
        var repair = plan.FailsAtFirst("repair", times: 1).DependsOn(a).OnlyIfFailed().OnError(ErrorStrategy.Retry(1));
        plan.Does("next").DependsOn(repair);

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Failed, Status.Changed, Status.Cancelled], report.Statuses());
        Assert.Equal(2, report.Get("repair")!.Attempts);
    }

    [Fact]
    public async Task Dependents_of_a_successful_recovery_run()
    {
        var plan = Plans.Continuing();
        var repair = plan.Does("repair").DependsOn(plan.Fails("a")).OnlyIfFailed();
        plan.Does("next").DependsOn(repair);

        Assert.Equal([Status.Failed, Status.Unchanged, Status.Unchanged], (await plan.ToEndAsync()).Statuses());
    }

    [Fact]
    public async Task Recovery_that_runs_already_is_not_stopped()
    {
        Gate repairing = new();
        CancellationToken seen = default;
        var plan = Plans.Continuing();
        var a = plan.Fails("a");
        plan.TaskFunc("repair", async (_, cancellationToken) =>
        {
            seen = cancellationToken;
            repairing.Started.SetResult();
            return await repairing.Result.Task;
        }).DependsOn(a).OnlyIfFailed();
        plan.TaskFunc("b", async (_, _) =>
        {
            await repairing.Started.Task;
            throw new InvalidOperationException("stop");
        }).OnError(ErrorStrategy.StopAll);
        plan.Does("observer", also: () => repairing.Open()).DependsOn(plan.Tasks[2]).OnlyIfFailed();

        var report = await plan.ToEndAsync();

        Assert.Equal(Status.Unchanged, report.Get("repair")!.Status);
        Assert.False(seen.IsCancellationRequested);
    }

    [Fact]
    public async Task A_waiting_recovery_still_runs_when_another_task_stops_the_plan()
    {
        VirtualTime time = new();
        Plan plan = new(null, Plans.On(time) with { OnError = ErrorStrategy.Continue, MaxParallelism = 1 });
        var a = plan.Fails("a");
        plan.TaskFunc("b", async (_, cancellationToken) =>
        {
            await time.SleepAsync(1, TimeSpan.FromSeconds(1), cancellationToken);
            throw new InvalidOperationException("stop");
        }).OnError(ErrorStrategy.StopAll);
        plan.Does("c");
        plan.Does("repair").DependsOn(a).OnlyIfFailed();

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Failed, Status.Failed, Status.Cancelled, Status.Unchanged], report.Statuses());
    }

    [Fact]
    public async Task A_run_that_is_cancelled_beforehand_starts_nothing_and_reports_everything()
    {
        Trace trace = new();
        Plan plan = new(null, new() { Hooks = trace.Hooks });
        var a = plan.Does("a", also: () => trace.Add("ran"));
        plan.Does("b").DependsOn(a).OnlyIfFailed();

        var report = await plan.RunAsync(new CancellationToken(canceled: true));

        Assert.Equal([Status.Cancelled, Status.Cancelled], report.Statuses());
        Assert.Equal(PlanOutcome.Cancelled, report.Outcome);
        Assert.Equal(["before-plan", "after-a", "after-b", "after-plan"], trace.Events);
        Assert.All(report.Tasks, task => Assert.Null(task.StartedAt));
    }

    [Fact]
    public async Task Cancelling_the_run_stops_bodies_and_recovery()
    {
        using CancellationTokenSource source = new();
        var plan = Plans.Continuing();
        Gate running = new();
        plan.Waits("running", running).OnError(ErrorStrategy.Retry(3));
        plan.Does("repair").DependsOn(plan.Fails("a")).DependsOn(plan.Tasks[0]).OnlyIfFailed();
        var run = plan.RunAsync(source.Token);
        await running.Started.Task;

        await source.CancelAsync();
        var report = await run;

        Assert.Equal([Status.Cancelled, Status.Failed, Status.Cancelled], report.Statuses());
        Assert.Equal(PlanOutcome.Cancelled, report.Outcome);
        Assert.StartsWith("the plan was cancelled: 3 tasks", Assert.Throws<PlanFailedException>(report.EnsureSuccess).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_ended_before_it_was_cancelled_has_succeeded()
    {
        using CancellationTokenSource source = new();
        var plan = Plans.Plan(new() { Hooks = new() { AfterTask = (_, _) => source.Cancel() } });
        plan.Does("a");

        Assert.Equal(PlanOutcome.Succeeded, (await plan.RunAsync(source.Token)).Outcome);
    }

    [Fact]
    public async Task A_body_that_cancels_itself_without_a_request_has_failed()
    {
        var plan = Plans.Plan();
        plan.TaskFunc("a", (_, _) => throw new OperationCanceledException("own"));
        plan.TaskFunc("b", (_, _) => Task.FromCanceled<Result>(new(canceled: true))).OnError(ErrorStrategy.Continue);

        var report = await plan.ToEndAsync();

        Assert.Equal(Status.Failed, report.Get("a")!.Status);
    }

    [Fact]
    public async Task A_body_that_waits_on_the_callers_own_token_is_cancelled_by_it()
    {
        using CancellationTokenSource source = new();
        Gate running = new();
        var plan = Plans.Plan();
        plan.TaskFunc("a", async (_, _) =>
        {
            running.Started.SetResult();
            return await running.Result.Task.WaitAsync(source.Token);
        });
        var run = plan.RunAsync(source.Token);
        await running.Started.Task;

        await source.CancelAsync();

        Assert.Equal(Status.Cancelled, Assert.Single((await run).Tasks).Status);
    }

    [Fact]
    public async Task A_body_that_observes_the_cancellation_before_the_plan_does_is_cancelled_too()
    {
        using CancellationTokenSource source = new();
        using ManualResetEventSlim ended = new();
        Gate running = new();
        var plan = Plans.Plan(new() { Hooks = new() { AfterTask = (_, _) => ended.Set() } });
        plan.TaskFunc("a", async (_, _) =>
        {
            // Callbacks run last in, first out: this one delays the plan's own until the task has its status.
            source.Token.Register(() =>
            {
                running.Result.SetException(new OperationCanceledException(source.Token));
                ended.Wait(Plans.Token);
            });
            running.Started.SetResult();
            return await running.Result.Task;
        });
        var run = plan.RunAsync(source.Token);
        await running.Started.Task;

        await Task.Run(source.Cancel, Plans.Token);

        Assert.Equal(Status.Cancelled, Assert.Single((await run).Tasks).Status);
    }

    private static void OpenAfterFailure(PlanTask task, Gate gate)
    {
        if (task.Name == "fails")
            gate.Open(Plans.Changed);
    }
}
