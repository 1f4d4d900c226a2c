using System.Collections.Concurrent;
using Osapi.Transport.Nats;
using Osapi.Transport.Tests.Contract;

namespace Osapi.Transport.Tests.Nats;

public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_survives_kills_of_the_server_and_a_follower_gets_each_message_once_in_order()
    {
        await using var server = await NatsServer.StartAsync();
        await using var transport = await NatsTransport.ConnectAsync(new() { Urls = [server.Url] }, Token);
        var kills = Full ? 30 : 3;
        await using AppendLoad load = new(transport, callers: 8);

        for (var kill = 0; kill < kills; kill++)
        {
            await load.AppendedAsync(500, Token);
            await server.RestartAsync();
        }

        await load.AppendedAsync(500, Token);
        await load.StopAsync();
        output.WriteLine($"{kills} kills, {load.Acknowledged.Count} messages acknowledged, {load.Failures} calls failed");
        await load.CheckAsync(Token);
    }

    [Fact]
    public async Task A_cluster_goes_on_without_the_leader_that_was_killed_and_nothing_is_lost()
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

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Exactly_one_contender_gets_each_token_also_while_the_leader_is_killed(int replicas)
    {
        await using var cluster = await NatsCluster.StartAsync();
        NatsOptions options = new() { Urls = cluster.Urls, Replicas = replicas };
        var contenders = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => NatsTransport.ConnectAsync(options, Token)));
        var tokens = Full ? 3000 : 300;
        ConcurrentDictionary<int, ConcurrentBag<int>> winners = new();
        var refused = 0;
        TaskCompletionSource underWay = new();

        var contending = contenders.Select((transport, contender) => Task.Run(async () =>
        {
            var order = Enumerable.Range(0, tokens).ToArray();
            new Random(contender).Shuffle(order);
            foreach (var chunk in order.Chunk(16))
            {
                await Task.WhenAll(chunk.Select(token => ContendAsync(transport, contender, token)));
                if (winners.Count > tokens / 3)
                    underWay.TrySetResult();
            }
        }, Token)).ToArray();
        await underWay.Task.WaitAsync(Token);
        var leader = await cluster.LeaderAsync("OSAPI_JOB", Token);
        await leader.KillAsync();
        // A stream on one server comes back with it.
        Assert.True(await leader.TryStartAsync());
        await Task.WhenAll(contending);

        output.WriteLine($"{tokens} tokens, {contenders.Length} contenders, {refused} refusals");
        Assert.Equal(tokens, winners.Count);
        Assert.All(winners.Values, bag => Assert.Single(bag));
        foreach (var (token, bag) in winners)
            Assert.Equal($"{bag.Single()}", (await contenders[0].LastAsync(StreamName.Jobs, $"state.{token}._any", Token))!.Text());
        foreach (var transport in contenders)
            await transport.DisposeAsync();

        // As the protocol does it: what is not known is asked again, with the same id.
        async Task ContendAsync(NatsTransport transport, int contender, int token)
        {
            Append message = new(StreamName.Jobs, $"state.{token}._any", System.Text.Encoding.ASCII.GetBytes($"{contender}"), ExpectedLast: 0, MessageId: $"{contender}.{token}");
            while (true)
                try
                {
                    if ((await transport.AppendAsync([message], Token)).Appended)
                        winners.GetOrAdd(token, _ => []).Add(contender);
                    else
                        Interlocked.Increment(ref refused);
                    return;
                }
                catch (TransportException)
                {
                    // Neither yes nor no.
                }
        }
    }
}
