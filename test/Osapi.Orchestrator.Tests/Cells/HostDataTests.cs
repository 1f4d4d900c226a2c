using System.Text.Json.Nodes;

namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>Data of hosts is created when it is read. Nobody sees what another reader changed.</summary>
public sealed class HostDataTests
{
    private static readonly string[] Keys = ["hostname", "outcome", "changed", "bytes"];

    [Fact]
    public async Task A_hook_that_changes_the_data_of_a_host_changes_it_for_no_later_task()
    {
        ScriptedFleet fleet = new("web-01");
        List<string> seen = [];
        var plan = FleetPlans.Over(fleet, new()
        {
            Hooks = new()
            {
                AfterTask = (task, result) =>
                {
                    if (task.Name != "write")
                        return;
                    result.HostResults[0].Data!["secret"] = 1;
                    result.Data!["secret"] = 1;
                },
            },
        });
        var write = plan.On("write", "_all");
        plan.TaskFuncWithResults("read", (_, results, _) =>
        {
            var result = results.Get("write")!;
            seen.AddRange(result.HostResults[0].Data!.Select(member => member.Key));
            seen.AddRange(result.Data!.Select(member => member.Key));
            result.HostResults[0].Data!.Clear();
            return Task.FromResult(Plans.Unchanged);
        }).DependsOn(write);
        plan.TaskFuncWithResults("again", (_, results, _) =>
        {
            seen.AddRange(results.Get("write")!.HostResults[0].Data!.Select(member => member.Key));
            return Task.FromResult(Plans.Unchanged);
        }).DependsOn(plan.Tasks[1]);

        var report = await plan.ToEndAsync();

        Assert.True(report.Succeeded);
        Assert.Equal([.. Keys, "job_id", "results", .. Keys], seen);
        Assert.True(report.Get("write")!.HostResults[0].Data!.ContainsKey("secret"));
    }

    [Fact]
    public async Task Data_that_a_user_sets_or_removes_replaces_that_of_the_reply()
    {
        ScriptedFleet fleet = new("web-01");
        var plan = FleetPlans.Over(fleet);
        plan.On("write", "_all");

        var host = (await plan.ToEndAsync()).Get("write")!.HostResults[0];

        Assert.Null((host with { Data = null }).Data);
        Assert.Equal(["own"], (host with { Data = new JsonObject { ["own"] = 1 } }).Data!.Select(member => member.Key));
        Assert.Equal(Keys, host.Data!.Select(member => member.Key));
    }
}
