using System.Net.Sockets;

namespace Osapi.Transport.Nats;

/// <summary>
/// The way back after a server was lost. Everybody who was connected to it notices at the same moment, so each waits a random while; and its own
/// address, which the library knows twice (from the settings and from the cluster), is not tried again at once while there are others.
/// </summary>
internal sealed class ReconnectPolicy(NatsOptions options)
{
    private static readonly TimeSpan AvoidLostServerFor = TimeSpan.FromSeconds(5);

    private volatile string? connected;
    private volatile string? trying;
    private string? lost;
    private long lostAt;

    /// <summary>Over how long they come back. Agents may be a thousand, and each of them asks the cluster for a reader.</summary>
    public static TimeSpan Spread(NatsOptions options) => options.CreateStreams ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(1);

    /// <summary>Called before each attempt to connect to a server.</summary>
    /// <exception cref="SocketException">The next server is to be tried.</exception>
    public async ValueTask<(string Host, int Port)> BeforeConnectAsync((string Host, int Port) server, CancellationToken closing)
    {
        if (connected is { } before)
        {
            (connected, lost, lostAt) = (null, before, options.TimeProvider.GetTimestamp());
            await Task.Delay(Spread(options) * Random.Shared.NextDouble(), options.TimeProvider, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var address = $"{server.Host}:{server.Port}";
        if (options.Urls.Count > 1 && address == lost && options.TimeProvider.GetElapsedTime(lostAt) < AvoidLostServerFor)
            throw new SocketException((int)SocketError.HostUnreachable);
        trying = address;
        return server;
    }

    /// <summary>The server that was tried last has let us in.</summary>
    public void Connected() => connected = trying;
}
