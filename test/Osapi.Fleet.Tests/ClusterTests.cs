using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Fleet.Tests;

/// <summary>Tests of a cluster of three brokers: losing one, even the leader, requires no action and loses no job.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class ClusterTests : IAsyncLifetime
{
    private RunningFleet? fleet;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (fleet is not null)
            await fleet.DisposeAsync();
    }

    [Fact]
    public async Task Work_resumes_by_itself_after_the_leader_of_the_log_was_killed_and_nothing_is_lost()
    {
        fleet = await RunningFleet.StartAsync("cluster", brokers: 3, Token);
        Jobs jobs = new(fleet);
        var file = $"/var/cluster-{Guid.NewGuid():N}";
        List<Guid> asked = [];

        for (var round = 0; round < Size.Of(1, 5); round++)
        {
            var leader = await BrokerPages.LeaderAsync(fleet, Token);
            using CancellationTokenSource stop = new();
            var stream = StreamAsync(jobs, file, asked, stop.Token);
            await UntilAsync(() => asked.Count, asked.Count + 20);
            var begin = TimeProvider.System.GetTimestamp();
            await leader.KillAsync();
            var next = await jobs.SubmitAsync(Target.Any, "true", TimeSpan.FromMinutes(1), Token);
            var gap = TimeProvider.System.GetElapsedTime(begin);
            await UntilAsync(() => asked.Count, asked.Count + 20);
            await stop.CancelAsync();
            await stream;
            Assert.Equal(JobStatus.Completed, (await jobs.EndAsync(next, TimeSpan.FromMinutes(3), Token)).Status);
            Size.Say($"leader {leader.Host.Name} killed; the next job was accepted after {gap.TotalSeconds:0.0} s");
            await fleet.HealAsync(Token);
        }

        foreach (var id in asked)
            Assert.Equal(JobStatus.Completed, (await jobs.EndAsync(id, TimeSpan.FromMinutes(3), Token)).Status);
        var ran = fleet.Agents.SelectMany(agent => agent.Host.Lines(file)).ToList();
        Size.Say($"{asked.Count} jobs accepted, {ran.Count} executed, {ran.Distinct().Count()} different ones");
        Assert.Equal(asked.Count, ran.Distinct().Count());
        Assert.Equal(asked.Count, ran.Count);
    }

    private static async Task StreamAsync(Jobs jobs, string file, List<Guid> asked, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var id = await jobs.SubmitAsync(Target.Any, $"echo {Guid.NewGuid():N} >> {file}", TimeSpan.FromMinutes(2), Token);
            lock (asked)
                asked.Add(id);
        }
    }

    private static async Task UntilAsync(Func<int> count, int wanted)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (count() < wanted)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromMinutes(3), $"{count()} of {wanted} jobs were accepted");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
        }
    }
}
