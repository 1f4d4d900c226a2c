using Osapi.Transport.Nats;

namespace Osapi.Transport.Tests.Nats;

public sealed class ClusterTests(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_continues_after_its_leader_was_killed_and_loses_nothing()
    {
        await using var cluster = await NatsCluster.StartAsync();
        await using var transport = await NatsTransport.ConnectAsync(new() { Urls = cluster.Urls, Replicas = 3 }, Token);
        var kills = Full ? 10 : 1;
        await using AppendLoad load = new(transport, callers: 8);
        await using var queue = new QueueLoad(transport, takers: 4);

        for (var kill = 0; kill < kills; kill++)
        {
            await load.AppendedAsync(300, Token);
            await queue.AddAsync(50, Token);
            var leader = await cluster.LeaderAsync("OSAPI_JOB", Token);
            await leader.KillAsync();
            await load.AppendedAsync(300, Token);
            await queue.AddAsync(50, Token);
            Assert.True(await leader.TryStartAsync());
        }

        await queue.AllTakenAsync(Token);
        await load.StopAsync();
        output.WriteLine($"{kills} kills of the leader, {load.Acknowledged.Count} messages acknowledged, {load.Failures} calls failed, {queue.Taken} deliveries of {queue.Added} queued messages");
        await load.CheckAsync(Token);
    }

    [Fact]
    public async Task Exactly_one_contender_gets_each_token_also_while_the_leader_is_killed()
    {
        await using var cluster = await NatsCluster.StartAsync();

        await Contenders.RunAsync(new() { Urls = cluster.Urls, Replicas = 3 }, Full ? 3000 : 600, async () => await (await cluster.LeaderAsync("OSAPI_JOB", Token)).KillAsync(), output, Token);
    }
}
