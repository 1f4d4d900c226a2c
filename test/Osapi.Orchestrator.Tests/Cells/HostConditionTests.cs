namespace Osapi.Orchestrator.Tests.Cells;

public sealed class HostConditionTests
{
    [Fact]
    public async Task A_failed_host_costs_no_other_host_its_restart()
    {
        ScriptedFleet fleet = new("web-01", "web-02", "web-03");
        fleet.Script("deploy", "web-01", "ok changed").Script("deploy", "web-02", "ok changed").Script("deploy", "web-03", "failed", "ok changed");
        var plan = FleetPlans.Over(fleet);
        var deploy = plan.On("deploy", "_all");
        plan.On("restart", "_all").DependsOn(deploy).OnlyIfChanged();

        var first = await plan.ToEndAsync();
        var second = await plan.ToEndAsync();

        Assert.Equal("web-01 changed, web-02 changed, web-03 failed", first.Cells("deploy"));
        Assert.Equal("web-01 unchanged, web-02 unchanged, web-03 skipped: dependency failed", first.Cells("restart"));
        Assert.Equal("web-01 skipped: no dependencies changed, web-02 skipped: no dependencies changed, web-03 unchanged", second.Cells("restart"));
        Assert.Equal(["deploy web-01,web-02,web-03", "restart web-01,web-02", "deploy web-01,web-02,web-03", "restart web-03"], fleet.Calls);
        Assert.Equal((PlanOutcome.Failed, PlanOutcome.Succeeded), (first.Outcome, second.Outcome));
    }

    [Fact]
    public async Task A_host_that_a_dependency_does_not_have_looks_at_the_whole_task()
    {
        ScriptedFleet fleet = new("web-01", "web-02", "db-01");
        fleet.Script("deploy", "web-01", "ok changed").Script("deploy", "web-02", "failed");
        var plan = FleetPlans.Over(fleet, new() { OnError = ErrorStrategy.Continue });
        var deploy = plan.On("deploy", PlanTargetOf("web-01"));
        var other = plan.On("other", "web-02");
        plan.On("notify", "db-01").DependsOn(deploy).OnlyIfChanged();
        fleet.Script("other", "web-02", "failed");
        plan.On("after", "db-01").DependsOn(other);

        var report = await plan.ToEndAsync();

        Assert.Equal("db-01 unchanged", report.Cells("notify"));
        Assert.Equal("db-01 skipped: dependency failed", report.Cells("after"));
    }

    [Fact]
    public async Task A_guard_that_looks_at_the_host_is_asked_for_each_and_sees_only_it()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        fleet.Script("probe", "web-02", "ok changed");
        List<string> seen = [];
        var plan = FleetPlans.Over(fleet);
        var probe = plan.On("probe", "_all");
        plan.On("act", "_all").DependsOn(probe).When(
            (results, host) =>
            {
                var result = results.Get(probe as PlanTask)!;
                seen.Add($"{host} sees {string.Join("+", result.HostResults.Select(one => one.Hostname))} {result.Changed}");
                return result.Changed;
            },
            "not needed");

        var report = await plan.ToEndAsync();

        Assert.Equal(["web-01 sees web-01 False", "web-02 sees web-02 True"], seen);
        Assert.Equal("web-01 skipped: not needed, web-02 unchanged", report.Cells("act"));
    }

    [Fact]
    public async Task A_guard_that_does_not_look_at_the_host_is_asked_once()
    {
        var asked = 0;
        ScriptedFleet fleet = new("web-01", "web-02", "web-03");
        var plan = FleetPlans.Over(fleet);
        plan.On("act", "_all").DependsOn(plan.On("probe", "_all")).When(_ => ++asked < 0, "never");

        Assert.Equal("web-01 skipped: never, web-02 skipped: never, web-03 skipped: never", (await plan.ToEndAsync()).Cells("act"));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_drained_host_is_skipped_and_is_no_failure()
    {
        ScriptedFleet fleet = new("web-01", "web-02") { Drained = { "web-02" } };
        var plan = FleetPlans.Over(fleet);
        plan.On("act", "_all");

        var report = await plan.ToEndAsync();

        Assert.Equal("web-01 unchanged, web-02 skipped: the host is drained", report.Cells("act"));
        Assert.True(report.Succeeded);
    }

    [Fact]
    public async Task A_host_that_did_not_answer_is_not_waited_for_again_by_other_tasks_until_it_answers()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        fleet.Script("first", "web-02", "expired unreachable", "expired unreachable");
        var plan = FleetPlans.Over(fleet, new() { MaxParallelism = 1 });
        plan.On("first", "_all").OnError(ErrorStrategy.Retry(1));
        plan.On("second", "_all");

        var report = await plan.ToEndAsync();

        // Its own retry asks it again.
        Assert.Equal(["first web-01,web-02", "first web-02", "second web-01"], fleet.Calls.Order(StringComparer.Ordinal));
        Assert.Equal("web-01 unchanged, web-02 failed", report.Cells("second"));
        Assert.StartsWith("host unreachable since ", report.Get("second")!.HostResults[1].Error, StringComparison.Ordinal);
        Assert.Equal(0, report.Get("second")!.HostResults[1].Attempts);
    }

    private static PlanTarget PlanTargetOf(string host) => host;
}
