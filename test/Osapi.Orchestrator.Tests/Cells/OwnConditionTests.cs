namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>Tests of the conditions of a task over its own result, and of the time until hosts start.</summary>
public sealed class OwnConditionTests
{
    [Fact]
    public async Task ChangedWhen_decides_on_each_host_what_depends_on_it()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        fleet.Script("write", "web-01", "ok changed 1").Script("write", "web-02", "ok 9");
        var plan = FleetPlans.Over(fleet);
        var write = plan.On("write", "_all").ChangedWhen(own => (int)own.Data!["bytes"]! > 5);
        plan.On("restart", "_all").DependsOn(write).OnlyIfChanged();

        var report = await plan.ToEndAsync();

        Assert.Equal("web-01 unchanged, web-02 changed", report.Cells("write"));
        Assert.Equal("web-01 skipped: no dependencies changed, web-02 unchanged", report.Cells("restart"));
        Assert.Equal([false, true], report.Get(write)!.Hosts.Select(host => host.Changed));
    }

    [Fact]
    public async Task FailedWhen_fails_a_success_and_excuses_a_failure_that_has_a_result()
    {
        ScriptedFleet fleet = new("web-01", "web-02", "web-03");
        fleet.Script("write", "web-01", "ok 9").Script("write", "web-02", "failed 2").Script("write", "web-03", "failed");
        var plan = FleetPlans.Over(fleet);
        var write = plan.On("write", "_all").FailedWhen(own => (int)own.Data!["bytes"]! > 5);
        plan.On("after", "_all").DependsOn(write);

        var report = await plan.ToEndAsync();

        Assert.Equal("web-01 failed, web-02 unchanged, web-03 failed", report.Cells("write"));
        Assert.Equal(["failed_when: the condition holds", null, "web-03 is failed"], report.Get("write")!.HostResults.Select(host => host.Error));
        Assert.Equal("web-01 skipped: dependency failed, web-02 unchanged, web-03 skipped: dependency failed", report.Cells("after"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FailedWhen_is_retried_until_the_host_is_well_and_asked_once_for_each_answer(bool streams)
    {
        ScriptedFleet fleet = new("web-01", "web-02") { Streams = streams };
        fleet.Script("probe", "web-02", "ok 3", "ok 2", "ok 1");
        var plan = FleetPlans.Over(fleet);
        var asked = 0;
        plan.On("probe", "_all").OnError(ErrorStrategy.Retry(5)).MaxHostFailures(1).FailedWhen(own =>
        {
            asked++;
            return (int)own.Data!["bytes"]! > 1;
        });

        var report = await plan.ToEndAsync();

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal(["probe web-01,web-02", "probe web-02", "probe web-02"], fleet.Calls);
        Assert.Equal(4, asked);
    }

    [Fact]
    public async Task A_condition_that_throws_fails_the_host_without_a_retry()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        var plan = FleetPlans.Over(fleet);
        plan.On("write", "_all").OnError(ErrorStrategy.Retry(2)).ChangedWhen(own => own.HostResults[0].Hostname == "web-01" ? throw new InvalidOperationException("no such key") : true);

        var report = await plan.ToEndAsync();

        Assert.Equal("web-01 failed, web-02 changed", report.Cells("write"));
        Assert.Equal("no such key", report.Get("write")!.HostResults[0].Error);
        Assert.Equal(["write web-01,web-02"], fleet.Calls);
    }

    [Fact]
    public async Task The_conditions_of_a_function_decide_about_its_result()
    {
        Plan plan = new(client: null, new() { OnError = ErrorStrategy.Continue });
        var first = plan.TaskFunc("first", _ => new() { Data = new() { ["code"] = 3 } });
        plan.TaskFunc("fails", _ => new() { Changed = true }).DependsOn(first).FailedWhen((results, own) => own.Changed && (int)results.Get("first")!.Data!["code"]! == 3);
        plan.TaskFunc("excused", _ => new() { Changed = true, Error = new InvalidOperationException("broken") }).FailedWhen(_ => false).ChangedWhen(_ => false);
        plan.TaskFunc("throws", _ => throw new InvalidOperationException("no result")).FailedWhen(_ => false);

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Failed, Status.Unchanged, Status.Failed], ((string[])["fails", "excused", "throws"]).Select(task => report.Get(task)!.Status));
        Assert.Equal("failed_when: the condition holds", report.Get("fails")!.Error!.Message);
    }

    [Fact]
    public async Task A_check_has_no_result_to_ask_about()
    {
        ScriptedFleet fleet = new("web-01");
        fleet.Script("write", "web-01", "ok changed");
        Plan plan = new(client: null, new() { Invoker = new DryRunInvoker(fleet) });
        plan.On("write", "_all").ChangedWhen(_ => false).FailedWhen(_ => true);

        var report = await plan.ToEndAsync();

        Assert.Equal("web-01 changed", report.Cells("write"));
    }

    [Fact]
    public void The_time_until_hosts_start_has_the_bounds_of_a_job_and_needs_hosts()
    {
        Plan plan = new(client: null);
        var task = plan.TaskFunc("f", _ => new());

        Assert.Throws<ArgumentOutOfRangeException>(() => task.StartWithin(TimeSpan.FromMilliseconds(999)));
        Assert.Throws<ArgumentOutOfRangeException>(() => task.StartWithin(TimeSpan.FromHours(1.1)));
        task.StartWithin(TimeSpan.FromSeconds(30));
        Assert.Equal(["task \"f\" limits the time until hosts start, but does not run on hosts"], plan.Validate().Select(error => error.Message));
    }
}
