using System.Globalization;
using System.Threading.Channels;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Osapi.Bench;

/// <summary>
/// A broadcast without a product: a message to each of many connections, each of which stores one answer in a stream, until one subscriber has all answers.
/// </summary>
internal sealed class BareFanOut : IAsyncDisposable
{
    private const int PayloadSize = 300;
    private const int MaxInFlight = 128;

    private readonly NatsConnection connection;
    private readonly List<NatsConnection> agents = [];
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> loops = [];
    private readonly byte[] payload = new byte[PayloadSize];
    private INatsSub<byte[]> ends = null!;

    private BareFanOut(string url) => connection = new(new() { Url = url });

    public static async Task<BareFanOut> StartAsync(string url, int count)
    {
        BareFanOut fan = new(url);
        await fan.connection.ConnectAsync();
        NatsJSContext streams = new(fan.connection);
        await streams.CreateStreamAsync(new StreamConfig("BENCH_CMD", ["bench.cmd.*"]));
        await streams.CreateStreamAsync(new StreamConfig("BENCH_END", ["bench.end.*"]));
        fan.ends = await fan.connection.SubscribeCoreAsync<byte[]>("bench.end.*", opts: new() { ChannelOpts = new() { Capacity = 4 * count + 16, FullMode = BoundedChannelFullMode.Wait } });
        for (var i = 0; i < count; i++)
        {
            NatsConnection agent = new(new() { Url = url });
            fan.agents.Add(agent);
            await agent.ConnectAsync();
            var commands = await agent.SubscribeCoreAsync<byte[]>(string.Create(CultureInfo.InvariantCulture, $"bench.cmd.{i}"));
            fan.loops.Add(fan.AnswerAsync(agent, commands, i));
        }

        await Task.WhenAll(fan.agents.Select(agent => agent.PingAsync().AsTask()));
        return fan;
    }

    /// <summary>Sends one message to each, and waits for the answer of each.</summary>
    public async Task BroadcastAsync()
    {
        NatsJSContext streams = new(connection);
        var sending = Parallel.ForEachAsync(
            Enumerable.Range(0, agents.Count), new ParallelOptions { MaxDegreeOfParallelism = MaxInFlight },
            async (i, token) => (await streams.PublishAsync(string.Create(CultureInfo.InvariantCulture, $"bench.cmd.{i}"), payload, cancellationToken: token)).EnsureSuccess());
        for (var answers = 0; answers < agents.Count; answers++)
            await ends.Msgs.ReadAsync();
        await sending;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var agent in agents)
            await agent.DisposeAsync();
        await connection.DisposeAsync();
        stop.Dispose();
    }

    private async Task AnswerAsync(NatsConnection agent, INatsSub<byte[]> commands, int number)
    {
        NatsJSContext streams = new(agent);
        await foreach (var _ in commands.Msgs.ReadAllAsync(stop.Token))
            (await streams.PublishAsync(string.Create(CultureInfo.InvariantCulture, $"bench.end.{number}"), payload, cancellationToken: stop.Token)).EnsureSuccess();
    }
}
