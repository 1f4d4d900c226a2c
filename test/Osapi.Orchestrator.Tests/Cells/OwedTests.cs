namespace Osapi.Orchestrator.Tests.Cells;

public sealed class OwedTests
{
    [Fact]
    public async Task A_change_that_was_not_followed_is_owed()
    {
        ScriptedFleet fleet = new("web-01", "web-02", "web-03");
        foreach (var host in (string[])["web-01", "web-02", "web-03"])
            fleet.Script("deploy", host, "ok changed");
        fleet.Script("restart", "web-02", "failed");
        var plan = FleetPlans.Over(fleet, new() { OnError = ErrorStrategy.Continue });
        var deploy = plan.On("deploy", "_all");
        plan.On("restart", "_all").DependsOn(deploy).OnlyIfChanged();
        plan.On("reload", "_all").DependsOn(deploy).OnlyIfChanged().When(_ => false);
        var broken = plan.Fails("broken");
        plan.Does("notify").DependsOn(deploy, broken).OnlyIfChanged();

        var report = await plan.ToEndAsync();

        Assert.Equal([new("restart", "web-02"), new("notify", null)], report.Owed);
        Assert.EndsWith(", 2 owed", report.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_owes_nothing()
    {
        ScriptedFleet fleet = new("web-01");
        fleet.Script("deploy", "web-01", "ok changed").Script("restart", "web-01", "failed");
        var plan = FleetPlans.Over(fleet);
        var checking = new Plan(null, new() { Invoker = new DryRunInvoker(fleet) });
        checking.On("restart", "_all").DependsOn(checking.On("deploy", "_all")).OnlyIfChanged();

        Assert.Empty((await checking.ToEndAsync()).Owed);
    }
}
