using System.Text.Json;
using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Fleet.Tests;

/// <summary>A cluster of three brokers: the loss of one, also of the one that leads, costs nobody an action and no job.</summary>
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
            var leader = await LeaderAsync(fleet);
            using CancellationTokenSource enough = new();
            var stream = StreamAsync(jobs, file, asked, enough.Token);
            await UntilAsync(() => asked.Count, asked.Count + 20);
            var begin = TimeProvider.System.GetTimestamp();
            await leader.KillAsync();
            var next = await jobs.SubmitAsync(Target.Any, "true", TimeSpan.FromMinutes(1), Token);
            var gap = TimeProvider.System.GetElapsedTime(begin);
            await UntilAsync(() => asked.Count, asked.Count + 20);
            await enough.CancelAsync();
            await stream;
            Assert.Equal(JobPhase.Completed, (await jobs.EndAsync(next, TimeSpan.FromMinutes(3), Token)).Status);
            Size.Say($"leader {leader.Host.Name} killed; the next job was accepted after {gap.TotalSeconds:0.0} s");
            await fleet.HealAsync(Token);
        }

        foreach (var id in asked)
            Assert.Equal(JobPhase.Completed, (await jobs.EndAsync(id, TimeSpan.FromMinutes(3), Token)).Status);
        var ran = fleet.Agents.SelectMany(agent => agent.Host.Lines(file)).ToList();
        Size.Say($"{asked.Count} jobs accepted, {ran.Count} executed, {ran.Distinct().Count()} different ones");
        Assert.Equal(asked.Count, ran.Distinct().Count());
        Assert.Equal(asked.Count, ran.Count);
    }

    private static async Task StreamAsync(Jobs jobs, string file, List<Guid> asked, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
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

    // The monitoring page of any server says who leads; asked in the host, where it listens.
    private static async Task<Part> LeaderAsync(RunningFleet fleet)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            foreach (var broker in fleet.Brokers)
            {
                var answer = await broker.Host.MustAsync("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8222; printf 'GET /jsz?accounts=1&streams=1 HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3");
                using var page = JsonDocument.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..]);
                var leader = page.RootElement.TryGetProperty("account_details", out var accounts)
                    ? accounts.EnumerateArray().SelectMany(account => account.TryGetProperty("stream_detail", out var streams) ? [.. streams.EnumerateArray()] : Array.Empty<JsonElement>())
                        .Where(stream => stream.GetProperty("name").GetString()!.Contains("JOB", StringComparison.OrdinalIgnoreCase))
                        .Select(stream => stream.GetProperty("cluster").TryGetProperty("leader", out var name) ? name.GetString() : null).FirstOrDefault(name => name is not null)
                    : null;
                if (leader is not null)
                    return fleet.Brokers.Single(one => one.Host.Name == leader);
            }

            Assert.True(TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(60), "no server says who leads");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Token);
        }
    }
}
