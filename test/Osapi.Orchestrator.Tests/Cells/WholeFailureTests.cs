namespace Osapi.Orchestrator.Tests.Cells;

public sealed class WholeFailureTests
{
    [Fact]
    public async Task A_task_that_failed_on_some_hosts_stops_nothing_and_one_that_failed_on_all_stops_the_plan()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        fleet.Script("part", "web-01", "failed").Script("all", "web-01", "failed").Script("all", "web-02", "failed");
        // Only then does the plan stop: nothing of it may be running.
        TaskCompletionSource afterEnded = new();
        var plan = FleetPlans.Over(fleet, new() { Hooks = new() { AfterTask = (task, _) => { if (task.Name == "after") afterEnded.SetResult(); } } });
        var part = plan.On("part", "_all");
        var all = plan.On("all", "_all").DependsOn(plan.TaskFunc("first", async (_, _) => { await afterEnded.Task; return Plans.Unchanged; }));
        plan.On("after", "_all").DependsOn(part);
        plan.Does("late").DependsOn(plan.Does("x").DependsOn(all).When(_ => true));

        var report = await plan.ToEndAsync();

        Assert.Equal("web-01 skipped: dependency failed, web-02 unchanged", report.Cells("after"));
        Assert.Equal([Status.Cancelled, Status.Cancelled], [report.Get("x")!.Status, report.Get("late")!.Status]);
    }

    [Fact]
    public async Task The_first_failure_beyond_the_limit_cancels_the_other_hosts()
    {
        TaskCompletionSource failed = new();
        ScriptedFleet fleet = new("web-01", "web-02")
        {
            Streams = true,
            Latency = (_, host, token) => host == "web-01" ? Task.CompletedTask : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token),
        };
        fleet.Script("act", "web-01", "failed");
        var plan = FleetPlans.Over(fleet);
        plan.On("act", "_all").MaxHostFailures(0);

        var report = await plan.ToEndAsync();

        Assert.Equal("web-01 failed, web-02 cancelled", report.Cells("act"));
        Assert.Equal(Status.Failed, report.Get("act")!.Status);
    }

    [Fact]
    public async Task Allowed_failures_drop_their_hosts_and_are_counted()
    {
        ScriptedFleet fleet = new("web-01", "web-02", "web-03");
        fleet.Script("deploy", "web-02", "failed");
        var plan = FleetPlans.Over(fleet);
        var deploy = plan.On("deploy", "_all").AllowHostFailures(1);
        plan.On("restart", "_all").DependsOn(deploy);
        plan.Does("announce").DependsOn(deploy);

        var report = await plan.ToEndAsync();

        Assert.Equal("web-01 unchanged, web-02 failed (allowed), web-03 unchanged", report.Cells("deploy"));
        Assert.Equal("web-01 unchanged, web-02 skipped: dependency failed (allowed), web-03 unchanged", report.Cells("restart"));
        Assert.Equal(Status.Unchanged, report.Get("announce")!.Status);
        Assert.Equal("3 tasks, 3 unchanged, 1 allowed host failure", report.Summary());
        Assert.True(report.Succeeded);
    }

    [Fact]
    public async Task A_recovery_runs_on_the_hosts_that_failed_only()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        fleet.Script("deploy", "web-02", "failed");
        var plan = FleetPlans.Over(fleet);
        plan.On("roll-back", "_all").DependsOn(plan.On("deploy", "_all")).OnlyIfFailed();

        Assert.Equal("web-01 skipped: no dependencies failed, web-02 unchanged", (await plan.ToEndAsync()).Cells("roll-back"));
    }
}
