namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>Tests of the hook that is called when a task has ended on one of its hosts.</summary>
public sealed class HostHookTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_host_is_told_once_before_its_task_and_a_retry_names_the_hosts_that_are_tried_again(bool streams)
    {
        var fleet = new ScriptedFleet("web-01", "web-02") { Streams = streams }
            .Script("write", "web-01", "ok changed")
            .Script("write", "web-02", "failed", "failed")
            .Script("next", "web-01", "ok");
        List<string> events = [];
        List<string> later = [];
        Hooks hooks = new()
        {
            AfterHost = (task, host) => events.Add($"{task} {host.Hostname} {host.Status.ToText()} {host.Attempts} {host.SkipReason}".TrimEnd()),
            AfterHostAsync = (task, host) =>
            {
                later.Add($"{task} {host.Hostname}");
                return ValueTask.CompletedTask;
            },
            AfterTask = (task, _) => events.Add($"{task} ended"),
            OnRetry = (task, attempt) => events.Add($"{task} again on {string.Join(",", attempt.Hosts)} in {attempt.Delay > TimeSpan.Zero}"),
        };
        var plan = FleetPlans.Over(fleet, new() { Hooks = Hooks.Combine(hooks), OnError = ErrorStrategy.Continue });
        var write = plan.On("write", "_all").OnError(ErrorStrategy.Retry(1, TimeSpan.FromTicks(2), TimeSpan.FromTicks(2)).Then(ErrorStrategy.Continue));
        plan.On("next", "_all").DependsOn(write);

        var report = await plan.ToEndAsync();

        Assert.Empty(report.HookErrors);
        Assert.Equal(["write again on web-02 in True", "write ended", "write web-01 changed 1", "write web-02 failed 2"], events.Where(text => text.StartsWith("write", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(["next web-02 skipped 0 dependency failed", "next web-01 unchanged 1", "next ended"], events.Where(text => text.StartsWith("next", StringComparison.Ordinal)));
        Assert.True(events.IndexOf("write web-02 failed 2") < events.IndexOf("write ended"));
        Assert.Equal(4, later.Distinct().Count());
        Assert.Equal(4, later.Count);
    }
}
