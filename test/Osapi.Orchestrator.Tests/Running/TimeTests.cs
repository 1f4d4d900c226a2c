namespace Osapi.Orchestrator.Tests.Running;

public sealed class TimeTests
{
    private readonly VirtualTime time = new();

    [Fact]
    public async Task A_task_that_takes_too_long_has_failed_and_its_token_is_cancelled()
    {
        Plan plan = new(null, Plans.On(time));
        Sleeps(plan, "slow", seconds: 60).Timeout(TimeSpan.FromSeconds(5));

        var result = Assert.Single((await plan.ToEndAsync()).Tasks);

        Assert.Equal((Status.Failed, TimeSpan.FromSeconds(5)), (result.Status, result.Duration));
        Assert.IsType<TimeoutException>(result.Error);
        Assert.Contains("00:00:05", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_within_its_limit_is_not_disturbed()
    {
        Plan plan = new(null, Plans.On(time));
        Sleeps(plan, "a", seconds: 4).Timeout(TimeSpan.FromSeconds(5));

        Assert.Equal(Status.Unchanged, Assert.Single((await plan.ToEndAsync()).Tasks).Status);
    }

    [Fact]
    public async Task A_body_that_ignores_its_token_is_waited_for_and_has_still_failed()
    {
        Plan plan = new(null, Plans.On(time));
        plan.TaskFunc("deaf", async (_, _) =>
        {
            await time.SleepAsync(0, TimeSpan.FromSeconds(60), CancellationToken.None);
            return Plans.Changed;
        }).Timeout(TimeSpan.FromSeconds(5));

        var result = Assert.Single((await plan.ToEndAsync()).Tasks);

        Assert.Equal((Status.Failed, true, TimeSpan.FromSeconds(60)), (result.Status, result.Changed, result.Duration));
        Assert.IsType<TimeoutException>(result.Error);
    }

    [Fact]
    public async Task The_limit_of_a_task_also_ends_a_backoff()
    {
        Plan plan = new(null, Plans.On(time));
        plan.FailsAtFirst("a", times: 9).Timeout(TimeSpan.FromSeconds(5)).OnError(ErrorStrategy.Retry(9, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3)));

        var result = Assert.Single((await plan.ToEndAsync()).Tasks);

        Assert.Equal((Status.Failed, 2, TimeSpan.FromSeconds(5)), (result.Status, result.Attempts, result.Duration));
        Assert.Equal("failure 2", Assert.IsType<TimeoutException>(result.Error).InnerException!.Message);
    }

    [Fact]
    public async Task The_limit_of_a_task_also_ends_the_wait_for_its_turn()
    {
        Plan plan = new(null, Plans.On(time) with { MaxParallelism = 1, OnError = ErrorStrategy.Continue });
        plan.FailsAtFirst("a", times: 9).Timeout(TimeSpan.FromSeconds(5)).OnError(ErrorStrategy.Retry(9, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3)));
        Sleeps(plan, "b", seconds: 60);
        plan.Does("c");

        var report = await plan.ToEndAsync();

        var result = report.Tasks[0];
        Assert.Equal((Status.Failed, 1, TimeSpan.FromSeconds(5)), (result.Status, result.Attempts, result.Duration));
        Assert.Equal([Status.Unchanged, Status.Unchanged], report.Statuses().Skip(1));
    }

    [Fact]
    public async Task A_time_limit_is_not_retried_and_the_strategy_holds()
    {
        Plan plan = new(null, Plans.On(time));
        Sleeps(plan, "slow", seconds: 60).Timeout(TimeSpan.FromSeconds(5)).OnError(ErrorStrategy.Retry(3).Then(ErrorStrategy.Continue));
        Sleeps(plan, "other", seconds: 90);

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Failed, Status.Unchanged], report.Statuses());
        Assert.Equal(1, report.Tasks[0].Attempts);
    }

    [Fact]
    public async Task The_deadline_of_a_plan_cancels_what_runs_and_what_has_not_started()
    {
        Plan plan = new(null, Plans.On(time) with { Deadline = TimeSpan.FromSeconds(10) });
        var slow = Sleeps(plan, "slow", seconds: 60);
        plan.Does("next").DependsOn(slow);
        plan.FailsAtFirst("retried", times: 9).OnError(ErrorStrategy.Retry(9, TimeSpan.FromHours(1), TimeSpan.FromHours(1)));

        var report = await plan.ToEndAsync();

        Assert.All(report.Tasks, task => Assert.Equal(Status.Cancelled, task.Status));
        Assert.Equal((PlanOutcome.TimedOut, false, TimeSpan.FromSeconds(10)), (report.Outcome, report.Succeeded, report.Duration));
        Assert.StartsWith("the plan did not end before its deadline: 3 tasks", Assert.Throws<PlanFailedException>(report.EnsureSuccess).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deadline_that_is_not_reached_does_nothing()
    {
        Plan plan = new(null, Plans.On(time) with { Deadline = TimeSpan.FromSeconds(10) });
        Sleeps(plan, "a", seconds: 9);

        Assert.True((await plan.ToEndAsync()).Succeeded);
    }

    [Fact]
    public async Task A_task_starts_when_its_own_dependencies_have_ended()
    {
        Plan plan = new(null, Plans.On(time));
        Sleeps(plan, "slow", seconds: 10);
        var quick = Sleeps(plan, "quick", seconds: 1);
        Sleeps(plan, "next", seconds: 1).DependsOn(quick);

        var report = await plan.ToEndAsync();

        Assert.Equal(report.StartedAt.AddSeconds(1), report.Get("next")!.StartedAt);
        Assert.Equal(report.StartedAt.AddSeconds(2), report.Get("next")!.EndedAt);
        Assert.Equal(TimeSpan.FromSeconds(10), report.Duration);
    }

    [Fact]
    public async Task With_barriers_a_level_waits_for_the_whole_level_before_it()
    {
        Trace trace = new();
        Plan plan = new(null, Plans.On(time) with { LevelBarriers = true, Hooks = trace.Hooks });
        Sleeps(plan, "slow", seconds: 10);
        var quick = Sleeps(plan, "quick", seconds: 1);
        Sleeps(plan, "next", seconds: 1).DependsOn(quick);

        var report = await plan.ToEndAsync();

        Assert.Equal(TimeSpan.FromSeconds(11), report.Duration);
        Assert.Equal(
            [
                "before-plan", "before-level-0", "before-slow", "before-quick", "after-quick", "after-slow", "after-level-0",
                "before-level-1", "before-next", "after-next", "after-level-1", "after-plan",
            ],
            trace.Events);
    }

    [Fact]
    public async Task Without_barriers_a_level_begins_with_its_first_task_and_ends_with_its_last()
    {
        Trace trace = new();
        Plan plan = new(null, Plans.On(time) with { Hooks = trace.Hooks });
        Sleeps(plan, "slow", seconds: 10);
        var quick = Sleeps(plan, "quick", seconds: 1);
        Sleeps(plan, "next", seconds: 1).DependsOn(quick);

        await plan.ToEndAsync();

        Assert.Equal(
            [
                "before-plan", "before-level-0", "before-slow", "before-quick", "after-quick",
                "before-level-1", "before-next", "after-next", "after-level-1", "after-slow", "after-level-0", "after-plan",
            ],
            trace.Events);
    }

    [Fact]
    public async Task No_more_bodies_run_than_allowed_and_those_that_wait_start_in_plan_order()
    {
        Trace trace = new();
        Plan plan = new(null, Plans.On(time) with { MaxParallelism = 2, Hooks = new() { BeforeTask = trace.Hooks.BeforeTask } });
        var first = Sleeps(plan, "0", seconds: 2);
        Sleeps(plan, "1", seconds: 1);
        Sleeps(plan, "2", seconds: 5).DependsOn(first);
        Sleeps(plan, "3", seconds: 5);
        Sleeps(plan, "4", seconds: 5);

        var report = await plan.ToEndAsync();

        Assert.Equal(["before-0", "before-1", "before-3", "before-2", "before-4"], trace.Events);
        Assert.Equal(TimeSpan.FromSeconds(11), report.Duration);
    }

    [Fact]
    public async Task A_task_in_backoff_leaves_its_place_to_another()
    {
        Plan plan = new(null, Plans.On(time) with { MaxParallelism = 1 });
        plan.FailsAtFirst("a", times: 1).OnError(ErrorStrategy.Retry(1, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)));
        Sleeps(plan, "b", seconds: 3);

        var report = await plan.ToEndAsync();

        Assert.Equal(TimeSpan.FromSeconds(5), report.Duration);
        Assert.Equal(report.StartedAt.AddSeconds(3), report.Get("b")!.EndedAt);
    }

    [Fact]
    public async Task The_critical_path_is_the_chain_that_took_longest()
    {
        Plan plan = new(null, Plans.On(time));
        var a = Sleeps(plan, "a", seconds: 1);
        var b = Sleeps(plan, "b", seconds: 5);
        var skipped = plan.Does("skipped").DependsOn(a, b).When(_ => false);
        var c = Sleeps(plan, "c", seconds: 2).DependsOn(skipped);
        Sleeps(plan, "d", seconds: 4).DependsOn(a);
        plan.Does("e").DependsOn(c).When(_ => false);

        var report = await plan.ToEndAsync();

        Assert.Equal(["b", "c"], report.CriticalPath.Select(task => task.Name));
        Assert.Equal(TimeSpan.FromSeconds(7), report.Duration);
    }

    private PlanTask Sleeps(Plan plan, string name, int seconds)
    {
        var place = plan.Tasks.Count;
        return plan.TaskFunc(name, async (_, cancellationToken) =>
        {
            await time.SleepAsync(place, TimeSpan.FromSeconds(seconds), cancellationToken);
            return Plans.Unchanged;
        });
    }
}
