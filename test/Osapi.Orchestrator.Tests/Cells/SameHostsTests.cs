namespace Osapi.Orchestrator.Tests.Cells;

public sealed class SameHostsTests
{
    [Fact]
    public async Task A_chain_on_any_host_stays_on_the_host_that_was_chosen()
    {
        ScriptedFleet fleet = new("web-02", "web-01");
        var plan = FleetPlans.Over(fleet);
        var create = plan.On("create", "_any");
        var use = plan.On("use", PlanTarget.SameAs(create)).DependsOn(create);
        plan.On("remove", PlanTarget.SameAs(create)).DependsOn(use).Always();

        var report = await plan.ToEndAsync();

        Assert.Equal(["create _any", "use web-02", "remove web-02"], fleet.Calls);
        Assert.Equal("web-02 unchanged", report.Cells("remove"));
    }

    [Fact]
    public async Task Only_the_hosts_on_which_the_task_started_count()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        fleet.Script("first", "web-01", "failed");
        var plan = FleetPlans.Over(fleet);
        var first = plan.On("first", "_all");
        var second = plan.On("second", "_all").DependsOn(first);
        plan.On("third", PlanTarget.SameAs(second)).DependsOn(second).When(_ => true);

        Assert.Equal("web-02 unchanged", (await plan.ToEndAsync()).Cells("third"));
    }

    [Fact]
    public async Task Without_such_a_host_the_task_is_skipped()
    {
        ScriptedFleet fleet = new("web-01");
        var plan = FleetPlans.Over(fleet);
        var first = plan.On("first", "_all").When(_ => false);
        plan.On("second", PlanTarget.SameAs(first)).DependsOn(first);

        var report = await plan.ToEndAsync();

        Assert.Equal((Status.Skipped, SkipReasons.NoHosts, 0), (report.Get("second")!.Status, report.Get("second")!.SkipReason, fleet.Calls.Count));
    }

    [Fact]
    public void A_plan_is_explained_with_its_hosts()
    {
        ScriptedFleet fleet = new("web-01");
        var plan = FleetPlans.Over(fleet);
        var create = plan.On("create", "_any").AllowEmpty().MaxHostFailures(0);
        plan.On("remove", PlanTarget.SameAs(create)).DependsOn(create).Always();

        var text = plan.Explain();

        Assert.Contains("create [test.write.execute _any] (max-host-failures 0, allow-empty)", text, StringComparison.Ordinal);
        Assert.Contains("remove [test.write.execute same as create] <- create (always)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_task_must_be_a_dependency_on_hosts()
    {
        ScriptedFleet fleet = new("web-01");
        var plan = FleetPlans.Over(fleet);
        var function = plan.Does("function");
        var other = plan.On("other", "_all");
        plan.On("a", PlanTarget.SameAs(function)).DependsOn(function);
        plan.On("b", PlanTarget.SameAs(other));
        plan.On("c", PlanTarget.SameAs(FleetPlans.Over(fleet).On("foreign", "_all")));

        Assert.Equal(
        [
            "task \"a\" runs on the hosts of \"function\", which does not run on hosts",
            "task \"b\" runs on the hosts of \"other\" but does not depend on it: DependsOn is missing",
            "task \"c\" runs on the hosts of \"foreign\", which is not in the plan",
        ], plan.Validate().Select(error => error.Message));
    }
}
