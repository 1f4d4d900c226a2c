using static Osapi.Orchestrator.Tests.TestOperations;

namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>Tests of tasks that are called once for each item, where the items are made when the task starts on a host.</summary>
public sealed class ItemTests
{
    [Fact]
    public async Task Hosts_with_equal_items_are_called_together_one_item_after_the_other()
    {
        ScriptedFleet fleet = new("web-01", "web-02", "web-03");
        fleet.Script("b", "web-03", "ok changed");
        var plan = FleetPlans.Over(fleet);
        var task = plan.TaskForEach("each", Write, "_all", (_, host) => Items(host == "web-02" ? ["a"] : ["a", "b"]));
        plan.On("after", PlanTarget.SameAs(task)).DependsOn(task).OnlyIfChanged();

        var report = await plan.ToEndAsync();

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal(["a web-01,web-03", "a web-02", "after web-03", "b web-01,web-03"], fleet.Calls.Order());
        Assert.Equal("after web-03", fleet.Calls[^1]);
        Assert.Equal("web-01 unchanged, web-02 unchanged, web-03 changed", report.Cells("each"));
        Assert.Equal(["a unchanged, b unchanged", "a unchanged", "a unchanged, b changed"], ItemsOf(report, "each"));
        Assert.Equal(1, (int)report.Get("each")!.HostResults[0].Items[1].Data!["bytes"]!);
    }

    [Fact]
    public async Task An_item_that_fails_ends_its_host_unless_the_strategy_continues()
    {
        foreach (var (strategy, last) in new[] { (ErrorStrategy.StopAll, "skipped"), (ErrorStrategy.Continue, "changed") })
        {
            ScriptedFleet fleet = new("web-01", "web-02");
            fleet.Script("a", "web-01", "ok changed").Script("b", "web-01", "failed").Script("c", "web-01", "ok changed");
            var plan = FleetPlans.Over(fleet);
            plan.TaskForEach("each", Write, "_all", (_, _) => Items(["a", "b", "c"])).OnError(strategy);

            var report = await plan.ToEndAsync();

            Assert.Equal("web-01 failed, web-02 unchanged", report.Cells("each"));
            Assert.Equal([$"a changed, b failed, c {last}", "a unchanged, b unchanged, c unchanged"], ItemsOf(report, "each"));
            var host = report.Get("each")!.HostResults[0];
            Assert.Equal(("b: web-01 is failed", true), (host.Error, host.Changed));
            Assert.Equal(last == "skipped" ? "an item before it failed" : null, host.Items[2].SkipReason);
        }
    }

    [Fact]
    public async Task A_retry_repeats_the_item_that_failed_and_no_other()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        fleet.Script("b", "web-01", "failed", "failed", "ok changed");
        var plan = FleetPlans.Over(fleet);
        plan.TaskForEach("each", Write, "_all", (_, _) => Items(["a", "b", "c"])).OnError(ErrorStrategy.Retry(2));

        var report = await plan.ToEndAsync();

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal(["a web-01,web-02", "b web-01", "b web-01", "b web-01,web-02", "c web-01", "c web-02"], fleet.Calls.Order());
        Assert.Equal([1, 3, 1], report.Get("each")!.HostResults[0].Items.Select(item => item.Attempts));
        Assert.Equal([3, 1], report.Get("each")!.HostResults.Select(host => host.Attempts));
    }

    [Fact]
    public async Task Any_host_gets_all_items_where_the_first_one_ran()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        var plan = FleetPlans.Over(fleet);
        plan.TaskForEach("each", Write, "_any", (_, _) => Items(["a", "b"]));

        var report = await plan.ToEndAsync();

        Assert.Equal(["a _any", "b web-01"], fleet.Calls);
        Assert.Equal(["a unchanged, b unchanged"], ItemsOf(report, "each"));
    }

    [Fact]
    public async Task Without_items_and_with_skipped_ones_only_the_host_is_skipped()
    {
        ScriptedFleet fleet = new("web-01", "web-02", "web-03");
        var plan = FleetPlans.Over(fleet);
        var task = plan.TaskForEach("each", Write, "_all", (_, host) => host switch
        {
            "web-01" => [],
            "web-02" => [Items(["a"])[0] with { SkipReason = "not wanted" }],
            _ => [Items(["a"])[0] with { SkipReason = "not wanted" }, Items(["b"])[0]],
        });
        plan.On("after", "_all").DependsOn(task);

        var report = await plan.ToEndAsync();

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal(["b web-03", "after web-01,web-02,web-03"], fleet.Calls);
        Assert.Equal("web-01 skipped: no items, web-02 skipped: no items, web-03 unchanged", report.Cells("each"));
        Assert.Equal(["", "a skipped", "a skipped, b unchanged"], ItemsOf(report, "each"));
    }

    [Fact]
    public async Task Items_that_are_wrong_fail_their_host_before_anything_is_called_there()
    {
        ScriptedFleet fleet = new("web-01", "web-02", "web-03", "web-04");
        var plan = FleetPlans.Over(fleet);
        plan.TaskForEach("each", Write, "_all", (_, host) => host switch
        {
            "web-01" => Items(["a", "a"]),
            "web-02" => Items([.. Enumerable.Range(0, 1001).Select(item => $"{item}")]),
            "web-03" => [.. Items(["a"]), new("b", new WriteFile { Path = "b", Count = 70 })],
            _ => throw new InvalidOperationException("no list"),
        });

        var report = await plan.ToEndAsync();

        Assert.Empty(fleet.Calls);
        Assert.Equal(
            ["has the item 'a' twice", "has 1001 items, more than 1000", "has a wrong item 'b': it calls test.write.execute with a wrong request: count must be between 1 and 9", "no list"],
            report.Get("each")!.HostResults.Select(host => host.Error));
    }

    [Fact]
    public async Task Conditions_judge_each_item_and_the_limit_of_failed_hosts_stops_the_rest()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        fleet.Script("a", "web-01", "ok 5").Script("b", "web-01", "ok 6");
        var plan = FleetPlans.Over(fleet, new() { Flow = PlanFlow.Host });
        plan.TaskForEach("each", Write, "_all", (_, _) => [.. Items(["a", "b"]).Select(item => item with
        {
            ChangedWhen = (_, own) => (int)own.Data!["bytes"]! == 5,
            FailedWhen = (_, own) => (int)own.Data!["bytes"]! == 6,
        })]).MaxHostFailures(0);

        var report = await plan.ToEndAsync();

        Assert.Equal("a changed, b failed", ItemsOf(report, "each")[0]);
        Assert.Equal("b: failed_when: the condition holds", report.Get("each")!.HostResults[0].Error);
        Assert.Equal(Status.Failed, report.Get("each")!.Status);
    }

    [Fact]
    public async Task The_time_limit_is_that_of_all_items()
    {
        VirtualTime time = new();
        ScriptedFleet fleet = new("web-01") { Time = time, Latency = (_, _, token) => time.SleepAsync(0, TimeSpan.FromSeconds(4), token) };
        var plan = FleetPlans.Over(fleet, new() { TimeProvider = time, WhenIdle = time.Idle });
        plan.TaskForEach("each", Write, "_all", (_, _) => Items(["a", "b", "c"])).Timeout(TimeSpan.FromSeconds(10));

        var report = await plan.ToEndAsync();

        Assert.Equal(["a unchanged, b unchanged, c failed"], ItemsOf(report, "each"));
        Assert.Equal(TimeSpan.FromSeconds(10), report.Get("each")!.Duration);
    }

    private static PlanItem[] Items(string[] keys) => [.. keys.Select(key => new PlanItem(key, new WriteFile { Path = key }))];

    private static string[] ItemsOf(Report report, string task) =>
        [.. report.Get(task)!.HostResults.Select(host => string.Join(", ", host.Items.Select(item => $"{item.Key} {item.Status.ToText()}")))];
}
