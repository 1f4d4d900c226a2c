namespace Osapi.Orchestrator.Tests.Cells;

public sealed class ExplainTests
{
    [Fact]
    public async Task A_skipped_host_leads_back_to_the_failure()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        fleet.Script("deploy", "web-02", "failed");
        var plan = FleetPlans.Over(fleet);
        var restart = plan.On("restart", "_all").DependsOn(plan.On("deploy", "_all"));
        plan.On("probe", "_all").DependsOn(restart);

        var report = await plan.ToEndAsync();

        Assert.Equal(
            [("probe", "web-02", ReasonKind.DependencyFailed, "dependency failed"), ("restart", "web-02", ReasonKind.DependencyFailed, "dependency failed"), ("deploy", "web-02", ReasonKind.Failed, "web-02 is failed")],
            report.Explain("probe", "web-02").Select(step => (step.Task, step.Host, step.Kind, step.Text)));
        Assert.Equal([ReasonKind.Ready], report.Explain("probe", "web-01").Select(step => step.Kind));
        Assert.Equal(("restart", "web-01"), (report.Explain("probe", "web-01")[0].WaitedForTask, report.Explain("probe", "web-01")[0].WaitedForHost));
        Assert.Empty(report.Explain("probe", "web-99"));
        Assert.Empty(report.Explain("nothing"));
    }

    [Fact]
    public async Task A_cancelled_task_leads_to_the_failure_that_stopped_the_plan()
    {
        var plan = Plans.Plan();
        plan.Fails("broken");
        plan.Does("after").DependsOn(plan.Does("slow").When(_ => true).DependsOn(plan.Fails("other")));

        var report = await plan.ToEndAsync();

        Assert.Equal([("after", ReasonKind.Stopped), ("broken", ReasonKind.Failed)], report.Explain("after").Select(step => (step.Task, step.Kind)));
    }

    [Fact]
    public async Task A_reaction_leads_to_the_change()
    {
        var plan = Plans.Plan();
        var change = plan.Does("change", Plans.Changed);
        plan.Does("react").DependsOn(plan.Does("nothing"), change).OnlyIfChanged();

        Assert.Equal([("react", ReasonKind.Changed), ("change", ReasonKind.Ready)], (await plan.ToEndAsync()).Explain("react").Select(step => (step.Task, step.Kind)));
    }
}
