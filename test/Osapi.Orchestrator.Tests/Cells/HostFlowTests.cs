namespace Osapi.Orchestrator.Tests.Cells;

public sealed class HostFlowTests
{
    [Fact]
    public async Task A_slow_host_does_not_delay_the_others()
    {
        var (hosts, steps) = (20, 6);
        var (byTask, byHost) = (await RunAsync(PlanFlow.Task), await RunAsync(PlanFlow.Host));

        // Host i is slow in step i: by task every step waits for a slow host, by host each host waits for its own slow step.
        Assert.Equal(TimeSpan.FromSeconds(steps * 10), byTask.Duration);
        Assert.Equal(TimeSpan.FromSeconds(10 + steps - 1), byHost.Duration);
        Assert.True(byTask.Succeeded && byHost.Succeeded);
        Assert.All(byHost.Tasks, task => Assert.Equal(hosts, task.HostResults.Count(host => host.Status == Status.Unchanged)));

        async Task<Report> RunAsync(PlanFlow flow)
        {
            VirtualTime time = new();
            var place = 0;
            ScriptedFleet fleet = new([.. Enumerable.Range(0, hosts).Select(host => $"web-{host:00}")])
            {
                Streams = true,
                Time = time,
                Latency = (task, host, token) => time.SleepAsync(Interlocked.Increment(ref place), TimeSpan.FromSeconds(host.EndsWith(task[5..], StringComparison.Ordinal) ? 10 : 1), token),
            };
            var plan = FleetPlans.Over(fleet, Plans.On(time) with { Flow = flow });
            PlanTask? before = null;
            for (var step = 0; step < steps; step++)
            {
                var task = plan.On($"step-{step:00}", "_all");
                before = before is null ? task : task.DependsOn(before);
            }

            return await plan.ToEndAsync();
        }
    }

    [Fact]
    public Task Excludes_barriers() => Assert.ThrowsAsync<InvalidPlanException>(() => Plans.Plan(new() { Flow = PlanFlow.Host, LevelBarriers = true }).ToEndAsync());
}
