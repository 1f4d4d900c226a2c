namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>Tests of checks in the flow by host.</summary>
public sealed class CheckFlowTests
{
    [Fact]
    public async Task A_host_goes_on_with_the_next_check_while_another_is_still_asked()
    {
        TaskCompletionSource later = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedFleet fleet = new("web-01", "web-02")
        {
            Streams = true,
            Latency = async (task, host, stop) =>
            {
                if (task == "second" && host == "web-01")
                    later.SetResult();
                if (task == "first" && host == "web-02")
                    await later.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, stop);
            },
        };
        fleet.Script("first", "web-01", "ok changed").Script("second", "web-02", "ok changed");
        Plan plan = new(client: null, new() { Flow = PlanFlow.Host, Invoker = new DryRunInvoker(fleet) });
        var first = plan.On("first", "_all");
        plan.On("second", "_all").DependsOn(first);

        var report = await plan.ToEndAsync();

        Assert.Equal(["first web-01,web-02", "second web-01", "second web-02"], fleet.Calls);
        Assert.Equal("web-01 changed, web-02 unchanged", report.Cells("first"));
        Assert.Equal("web-01 unchanged, web-02 changed", report.Cells("second"));
        Assert.All(report.Tasks.SelectMany(task => task.HostResults), host => Assert.NotNull(host.Check));
    }
}
