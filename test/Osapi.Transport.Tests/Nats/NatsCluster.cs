using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Osapi.Transport.Tests.Nats;

/// <summary>Three servers that form one broker.</summary>
internal sealed class NatsCluster : IAsyncDisposable
{
    private const int Size = 3;

    private readonly NatsServer[] servers;

    private NatsCluster(NatsServer[] servers) => this.servers = servers;

    public IReadOnlyList<string> Urls => [.. servers.Select(server => server.Url)];

    public static async Task<NatsCluster> StartAsync()
    {
        while (true)
        {
            var ports = NatsServer.FreePorts(2 * Size);
            var routes = string.Join(", ", ports[Size..].Select(port => $"\"nats://127.0.0.1:{port}\""));
            NatsCluster cluster = new([.. Enumerable.Range(0, Size).Select(i => NatsServer.Create(
                $"n{i}", ports[i], $$"""cluster { name: "c", listen: "127.0.0.1:{{ports[Size + i]}}", routes: [{{routes}}] }"""))]);
            var started = await Task.WhenAll(cluster.servers.Select(server => server.TryStartAsync()));
            if (started.All(one => one))
                return cluster;
            await cluster.DisposeAsync();
        }
    }

    /// <summary>Finds the leader of a stream.</summary>
    public async Task<NatsServer> LeaderAsync(string stream, CancellationToken cancellationToken)
    {
        await using NatsConnection connection = new(new() { Url = string.Join(',', Urls) });
        NatsJSContext context = new(connection);
        while (true)
        {
            var found = await context.GetStreamAsync(stream, cancellationToken: cancellationToken);
            if (found.Info.Cluster?.Leader is { Length: > 0 } leader)
                return servers[leader[^1] - '0'];
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
    }
}
