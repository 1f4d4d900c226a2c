using NATS.Client.Core;

namespace Osapi.Bench;

/// <summary>A request and its reply over a broker without a product, on one connection.</summary>
internal sealed class BareRequest : IAsyncDisposable
{
    private const string Subject = "bench.echo";

    private readonly NatsConnection connection;
    private readonly CancellationTokenSource stop = new();
    private Task server = Task.CompletedTask;

    private BareRequest(string url) => connection = new(new() { Url = url });

    public static async Task<BareRequest> StartAsync(string url)
    {
        BareRequest bare = new(url);
        await bare.connection.ConnectAsync();
        bare.server = bare.EchoAsync(await bare.connection.SubscribeCoreAsync<byte[]>(Subject));
        await bare.connection.PingAsync();
        return bare;
    }

    public async Task SendAsync() => await connection.RequestAsync<byte[], byte[]>(Subject, new byte[300]);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await server.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync();
        stop.Dispose();
    }

    private async Task EchoAsync(INatsSub<byte[]> requests)
    {
        await using (requests)
            await foreach (var request in requests.Msgs.ReadAllAsync(stop.Token))
                await request.ReplyAsync(request.Data);
    }
}
