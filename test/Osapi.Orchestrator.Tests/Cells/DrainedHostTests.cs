namespace Osapi.Orchestrator.Tests.Cells;

public sealed class DrainedHostTests
{
    [Fact]
    public async Task A_host_that_is_drained_during_the_run_gets_no_later_task_even_after_an_undrain()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        fleet.Script("prepare", "web-02", "skipped drained");
        var plan = FleetPlans.Over(fleet);
        var work = plan.On("work", "_all").DependsOn(plan.On("prepare", "_all"));
        plan.On("other", PlanTarget.SameAs(work)).DependsOn(work);

        var report = await plan.ToEndAsync();

        Assert.Equal("web-01 unchanged, web-02 skipped: web-02 is skipped", report.Cells("prepare"));
        Assert.Equal("web-01 unchanged, web-02 skipped: the host is drained", report.Cells("work"));
        Assert.Equal("web-01 unchanged", report.Cells("other"));
        Assert.Equal(["prepare web-01,web-02", "work web-01", "other web-01"], fleet.Calls);
        Assert.True(report.Succeeded);
        Assert.Equal([ReasonKind.Drained, ReasonKind.Drained], [report.Explain("prepare", "web-02")[0].Kind, report.Explain("work", "web-02")[0].Kind]);
    }

    [Fact]
    public async Task A_refused_task_has_not_started_there_so_that_nothing_is_cleaned_up()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        fleet.Script("work", "web-01", "skipped drained").Script("work", "web-02", "skipped drained");
        var plan = FleetPlans.Over(fleet);
        var work = plan.On("work", "_all");
        plan.Does("clean-up").DependsOn(work).Always();

        var report = await plan.ToEndAsync();

        Assert.Equal([0, 0], report.Get("work")!.HostResults.Select(host => host.Attempts));
        Assert.Equal((Status.Skipped, SkipReasons.NoDependenciesStarted), (report.Get("clean-up")!.Status, report.Get("clean-up")!.SkipReason));
    }

    [Fact]
    public async Task A_reaction_to_a_change_that_is_refused_is_owed()
    {
        ScriptedFleet fleet = new("web-01");
        fleet.Script("deploy", "web-01", "ok changed").Script("restart", "web-01", "skipped drained");
        var plan = FleetPlans.Over(fleet);
        plan.On("restart", "_all").DependsOn(plan.On("deploy", "_all")).OnlyIfChanged();

        var report = await plan.ToEndAsync();

        Assert.Equal([new OwedCell("restart", "web-01")], report.Owed);
    }

    // A guard of the operation on the host, unlike a drain, says nothing about the next task.
    [Fact]
    public async Task A_host_that_skipped_an_operation_itself_gets_the_next_one()
    {
        ScriptedFleet fleet = new("web-01");
        fleet.Script("prepare", "web-01", "skipped");
        var plan = FleetPlans.Over(fleet);
        plan.On("work", "_all").DependsOn(plan.On("prepare", "_all"));

        var report = await plan.ToEndAsync();

        Assert.Equal("web-01 unchanged", report.Cells("work"));
    }
}
