namespace Osapi.Orchestrator.Tests.Scenarios;

public sealed class RunScenarios
{
    [Fact, Scenario(1)]
    public async Task A_chain_runs_in_order()
    {
        Trace trace = new();
        var plan = Plans.Plan();
        var a = plan.Does("a", Plans.Changed, () => trace.Add("a"));
        var b = plan.Does("b", Plans.Unchanged, () => trace.Add("b")).DependsOn(a);
        plan.Does("c", Plans.Changed, () => trace.Add("c")).DependsOn(b);

        var report = await plan.ToEndAsync();

        Assert.Equal(["a", "b", "c"], trace.Events);
        Assert.Equal(["a", "b", "c"], report.Names());
        Assert.Equal("3 tasks, 2 changed, 1 unchanged", report.Summary());
    }

    [Fact, Scenario(2)]
    public async Task Tasks_that_do_not_depend_on_each_other_run_at_the_same_time()
    {
        var plan = Plans.Plan();
        TaskCompletionSource[] arrived = [new(), new(), new()];
        for (var index = 0; index < 3; index++)
        {
            var own = arrived[index];
            plan.TaskFunc($"t{index}", async (_, cancellationToken) =>
            {
                own.SetResult();
                await Task.WhenAll(arrived.Select(one => one.Task)).WaitAsync(cancellationToken);
                return Plans.Changed;
            });
        }

        Assert.Equal("3 tasks, 3 changed", (await plan.ToEndAsync()).Summary());
    }

    [Fact, Scenario(3)]
    public async Task A_cycle_is_an_error()
    {
        var plan = Plans.Plan();
        var a = plan.Does("a");
        var b = plan.Does("b").DependsOn(a);
        a.DependsOn(b);

        var exception = await Assert.ThrowsAsync<InvalidPlanException>(() => plan.ToEndAsync());

        Assert.Contains("cycle detected: \"a\" depends on \"b\" depends on \"a\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact, Scenario(4)]
    public async Task Only_if_changed_skips_when_no_dependency_changed()
    {
        var ran = false;
        var plan = Plans.Plan();
        var a = plan.Does("a", Plans.Unchanged);
        plan.Does("b", also: () => ran = true).DependsOn(a).OnlyIfChanged();

        var report = await plan.ToEndAsync();

        Assert.False(ran);
        Assert.Equal("2 tasks, 1 unchanged, 1 skipped", report.Summary());
    }

    [Fact, Scenario(5)]
    public async Task Only_if_changed_runs_when_a_dependency_changed()
    {
        var plan = Plans.Plan();
        var a = plan.Does("a", Plans.Changed);
        plan.Does("b", Plans.Unchanged).DependsOn(a).OnlyIfChanged();

        Assert.Equal([Status.Changed, Status.Unchanged], (await plan.ToEndAsync()).Statuses());
    }

    [Fact, Scenario(6)]
    public async Task A_guard_that_returns_false_skips_the_task()
    {
        var ran = false;
        var plan = Plans.Plan();
        var a = plan.Does("a");
        plan.Does("b", also: () => ran = true).DependsOn(a).When(_ => false);

        var report = await plan.ToEndAsync();

        Assert.False(ran);
        Assert.Equal(Status.Skipped, report.Tasks[1].Status);
    }

    [Fact, Scenario(7)]
    public async Task A_guard_sees_a_failed_dependency_and_may_let_the_task_run()
    {
        var plan = Plans.Continuing();
        var a = plan.Fails("a");
        plan.Does("b", Plans.Changed).DependsOn(a).When(results => results.Get("a")!.Status == Status.Failed);

        Assert.Equal([Status.Failed, Status.Changed], (await plan.ToEndAsync()).Statuses());
    }

    // Differs: the run is not an error, but the report did not succeed.
    [Fact, Scenario(8)]
    public async Task A_guard_sees_a_failed_dependency_and_may_skip_the_task()
    {
        var plan = Plans.Continuing();
        var a = plan.Fails("a");
        plan.Does("b").DependsOn(a).When(results => results.Get("a")!.Status != Status.Failed);

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Failed, Status.Skipped], report.Statuses());
        Assert.False(report.Succeeded);
    }

    [Fact, Scenario(9)]
    public async Task Stop_all_starts_nothing_more_after_a_failure()
    {
        var ran = false;
        var plan = Plans.Plan();
        var a = plan.Fails("a");
        plan.Does("b", also: () => ran = true).DependsOn(a);

        var report = await plan.ToEndAsync();

        Assert.False(ran);
        Assert.Equal([Status.Failed, Status.Cancelled], report.Statuses());
        Assert.Equal("boom", Assert.Throws<PlanFailedException>(() => report.EnsureSuccess()).InnerException!.Message);
    }

    // Differs, as in 8: the failure is in the report, which did not succeed.
    [Fact, Scenario(10)]
    public async Task Continue_runs_what_does_not_depend_on_the_failure()
    {
        var plan = Plans.Continuing();
        plan.Fails("a");
        plan.Does("b", Plans.Changed);

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Failed, Status.Changed], report.Statuses());
        Assert.False(report.Succeeded);
    }

    [Fact, Scenario(11)]
    public async Task Continue_skips_what_depends_on_the_failure()
    {
        var plan = Plans.Continuing();
        var a = plan.Fails("a");
        plan.Does("b").DependsOn(a);
        plan.Does("c", Plans.Changed);

        var report = await plan.ToEndAsync();

        Assert.Equal(Status.Failed, report.Get("a")!.Status);
        Assert.Equal(Status.Skipped, report.Get("b")!.Status);
        Assert.Equal(Status.Changed, report.Get("c")!.Status);
    }

    [Fact, Scenario(12)]
    public async Task Continue_skips_what_depends_indirectly_on_the_failure()
    {
        var plan = Plans.Continuing();
        var a = plan.Fails("a");
        var b = plan.Does("b").DependsOn(a);
        plan.Does("c").DependsOn(b);

        Assert.Equal([Status.Failed, Status.Skipped, Status.Skipped], (await plan.ToEndAsync()).Statuses());
    }

    // Differs, as in 8.
    [Fact, Scenario(13)]
    public async Task A_task_may_continue_in_a_plan_that_stops()
    {
        var plan = Plans.Plan();
        plan.Fails("a").OnError(ErrorStrategy.Continue);
        plan.Does("b", Plans.Changed);

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Failed, Status.Changed], report.Statuses());
        Assert.False(report.Succeeded);
    }
}
