using static Osapi.Orchestrator.Tests.TestOperations;

namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>Tests of requests that are made for each host when it starts.</summary>
public sealed class HostRequestTests
{
    [Fact]
    public async Task Hosts_with_equal_requests_are_one_job_and_others_jobs_of_their_own()
    {
        ScriptedFleet fleet = new("web-01", "web-02", "web-03");
        fleet.Script("probe", "web-01", "ok 4").Script("probe", "web-02", "ok 5").Script("probe", "web-03", "ok 4");
        var plan = FleetPlans.Over(fleet);
        var probe = plan.On("probe", "_all");
        plan.Task("write", Write, "_all", (results, host) => new() { Path = "write", Count = results.Get(probe)!.Hosts[0].Result!.Bytes }).DependsOn(probe);

        var report = await plan.ToEndAsync();

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal(["probe web-01,web-02,web-03", "write web-01,web-03 #4", "write web-02 #5"], fleet.Calls.Order());
        Assert.Equal("web-01 unchanged, web-02 unchanged, web-03 unchanged", report.Cells("write"));
    }

    [Fact]
    public async Task A_request_that_cannot_be_made_or_is_wrong_fails_its_host_alone()
    {
        ScriptedFleet fleet = new("web-01", "web-02", "web-03", "web-04");
        var plan = FleetPlans.Over(fleet);
        var write = plan.Task("write", Write, "_all", (_, host) => host switch
        {
            "web-02" => throw new InvalidOperationException("no such key"),
            "web-03" => new() { Path = "write", Count = 70 },
            "web-04" => null!,
            _ => new() { Path = "write" },
        }).OnError(ErrorStrategy.Retry(2));
        plan.On("after", "_all").DependsOn(write);

        var report = await plan.ToEndAsync();

        Assert.Equal(["write web-01", "after web-01"], fleet.Calls);
        Assert.Equal("web-01 unchanged, web-02 failed, web-03 failed, web-04 failed", report.Cells("write"));
        var errors = report.Get("write")!.HostResults.Select(host => host.Error).ToArray();
        Assert.Equal("no such key", errors[1]);
        Assert.Equal("calls test.write.execute with a wrong request: count must be between 1 and 9", errors[2]);
        Assert.Equal("calls test.write.execute with a request of type null instead of WriteFile", errors[3]);
        Assert.Equal([1, 0, 0, 0], report.Get("write")!.HostResults.Select(host => host.Attempts));
    }

    [Fact]
    public async Task A_retry_sends_each_group_its_own_request_which_is_made_once()
    {
        ScriptedFleet fleet = new("web-01", "web-02", "web-03");
        fleet.Script("write", "web-01", "failed").Script("write", "web-02", "failed");
        var plan = FleetPlans.Over(fleet);
        var made = 0;
        plan.Task("write", Write, "_all", (_, host) =>
        {
            made++;
            return new() { Path = "write", Count = host == "web-02" ? 2 : 3 };
        }).OnError(ErrorStrategy.Retry(1));

        var report = await plan.ToEndAsync();

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal(["write web-01 #3", "write web-01,web-03 #3", "write web-02 #2", "write web-02 #2"], fleet.Calls.Order());
        Assert.Equal(3, made);
    }

    [Fact]
    public async Task Jobs_with_requests_of_their_own_keep_the_limit_of_parallel_jobs()
    {
        ScriptedFleet fleet = new("web-01", "web-02", "web-03");
        fleet.Script("write", "web-01", "failed");
        var plan = FleetPlans.Over(fleet, new() { MaxParallelism = 1 });
        plan.Task("write", Write, "_all", (_, host) => new() { Path = "write", Count = host![^1] - '0' }).MaxHostFailures(0);

        var report = await plan.ToEndAsync();

        Assert.Equal(["write web-01"], fleet.Calls);
        Assert.Equal("web-01 failed, web-02 cancelled, web-03 cancelled", report.Cells("write"));
    }

    [Fact]
    public async Task Any_host_is_not_known_when_its_request_is_made()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        var plan = FleetPlans.Over(fleet);
        var any = plan.Task("any", Write, "_any", (_, host) => new() { Path = "any", Count = host is null ? 2 : 3 });
        plan.Task("same", Write, PlanTarget.SameAs(any), (_, host) => new() { Path = "same", Count = host == "web-01" ? 4 : 5 }).DependsOn(any);

        await plan.ToEndAsync();

        Assert.Equal(["any _any #2", "same web-01 #4"], fleet.Calls);
    }

    [Fact]
    public async Task A_request_reads_its_host_and_the_whole()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        fleet.Script("probe", "web-02", "ok changed 7");
        var plan = FleetPlans.Over(fleet);
        var probe = plan.On("probe", "_all");
        plan.Task("write", Write, "_all", (results, _) => new() { Path = "write", Count = results.Get("probe")!.HostResults.Count + results.Whole.Get("probe")!.HostResults.Count }).DependsOn(probe);

        await plan.ToEndAsync();

        Assert.Equal("write web-01,web-02 #3", fleet.Calls[^1]);
    }

    [Fact]
    public async Task What_only_a_run_knows_is_no_failure_of_a_check()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        var ran = await Of(FleetPlans.Over(fleet)).ToEndAsync();
        var report = await Of(new(client: null, new() { Invoker = new DryRunInvoker(fleet) })).ToEndAsync();

        Assert.Equal("web-01 failed, web-02 unchanged", ran.Cells("write"));
        Assert.Equal("web-01 changed, web-02 unchanged", report.Cells("write"));
        var host = report.Get("write")!.HostResults[0];
        Assert.Equal((null, "not known in a check"), (host.Check!.Changed, host.Check.Reason));
        Assert.Equal("web-01 unchanged, web-02 skipped: no dependencies changed", report.Cells("after"));

        static Plan Of(Plan plan)
        {
            var write = plan.Task("write", Write, "_all", (_, host) => host == "web-01" ? throw new NotKnownInCheckException("not known in a check") : new() { Path = "write" });
            plan.On("after", "_all").DependsOn(write).OnlyIfChanged();
            return plan;
        }
    }
}
