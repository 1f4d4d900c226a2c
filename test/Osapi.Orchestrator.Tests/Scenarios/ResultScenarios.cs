namespace Osapi.Orchestrator.Tests.Scenarios;

public sealed class ResultScenarios
{
    [Fact, Scenario(78)]
    public async Task A_summary_counts_what_happened()
    {
        var plan = Plans.Plan();
        plan.Does("a", Plans.Changed);
        plan.Does("b", Plans.Changed);
        plan.Does("c");
        plan.Does("d").When(_ => false);

        Assert.Equal("4 tasks, 2 changed, 1 unchanged, 1 skipped", (await plan.ToEndAsync()).Summary());
    }

    [Fact, Scenario(79)]
    public async Task A_summary_counts_every_status()
    {
        using CancellationTokenSource source = new();
        var plan = Plans.Continuing();
        plan.Does("a", Plans.Changed);
        plan.Does("b");
        plan.Does("c").When(_ => false);
        var failed = plan.Fails("d");
        plan.Does("e", also: source.Cancel).DependsOn(failed, plan.Tasks[0], plan.Tasks[1], plan.Tasks[2]).OnlyIfFailed();
        plan.Does("f").DependsOn(plan.Tasks[4]);

        var report = await plan.RunAsync(source.Token);

        Assert.Equal("6 tasks, 1 changed, 2 unchanged, 1 skipped, 1 failed, 1 cancelled", report.Summary());
    }

    [Fact, Scenario(80)]
    public async Task A_summary_of_nothing_is_short()
    {
        var report = await Plans.Plan().ToEndAsync();

        Assert.Equal("0 tasks", report.Summary());
        Assert.True(report.Succeeded);
    }

    [Fact]
    public async Task A_summary_of_one_task_says_task()
    {
        var plan = Plans.Plan();
        plan.Does("a");

        Assert.Equal("1 task, 1 unchanged", (await plan.ToEndAsync()).Summary());
        Assert.StartsWith("Plan: 1 task, 1 level\n", plan.Explain(), StringComparison.Ordinal);
    }

    [Fact, Scenario(81)]
    public void A_result_carries_that_it_changed() => Carries(Status.Changed, changed: true);

    [Fact, Scenario(82)]
    public void A_result_carries_that_it_did_not_change() => Carries(Status.Unchanged, changed: false);

    [Fact, Scenario(83)]
    public void A_result_carries_that_it_failed() => Carries(Status.Failed, changed: false);

    [Fact, Scenario(84)]
    public void A_result_carries_that_it_was_skipped() => Carries(Status.Skipped, changed: false);

    // Differs: the status is never empty; the initial one is pending.
    [Fact, Scenario(85)]
    public void A_new_result_is_pending() => Assert.Equal(Status.Pending, new Result().Status);

    [Fact, Scenario(86)]
    public void A_result_carries_several_hosts()
    {
        Result result = new() { HostResults = [new() { Hostname = "web-01", Changed = true }, new() { Hostname = "web-02", Error = "refused" }] };

        Assert.Equal([(true, null), (false, "refused")], result.HostResults.Select(host => (host.Changed, host.Error)));
        Assert.Equal([Status.Changed, Status.Failed], result.HostResults.Select(host => host.Status));
    }

    [Fact, Scenario(87)]
    public void A_new_result_has_no_hosts() => Assert.Empty(new Result().HostResults);

    [Fact, Scenario(88)]
    public void A_host_carries_data()
    {
        Result result = new() { HostResults = [new() { Hostname = "web-01", Data = new() { ["uptime"] = 42 } }] };

        Assert.Equal(42, (int?)result.HostResults[0].Data!["uptime"]);
    }

    private static void Carries(Status status, bool changed)
    {
        Result result = new() { Status = status, Changed = changed };

        Assert.Equal((status, changed), (result.Status, result.Changed));
    }
}
