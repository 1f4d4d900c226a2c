using System.Net.Sockets;

namespace Osapi.Transport.Nats;

/// <summary>The reconnection after a server was lost.</summary>
/// <remarks>
/// All its clients notice at the same moment, so each waits a random delay. The lost server's own address, which the
/// library knows twice (from the settings and from the cluster), is not tried again at once while there are others.
/// </remarks>
internal sealed class ReconnectPolicy(NatsOptions options)
{
    private static readonly TimeSpan AvoidLostServerFor = TimeSpan.FromSeconds(5);

    private volatile string? connected;
    private volatile string? trying;
    private string? lost;
    private long lostAt;

    /// <summary>Gets the range of the random delay. Agents may be a thousand, and each of them creates a consumer.</summary>
    public static TimeSpan MaxJitter(NatsOptions options) => options.CreateStreams ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(1);

    /// <summary>Selects the delay before each attempt to connect to a server.</summary>
    /// <exception cref="SocketException">The next server is to be tried.</exception>
    public async ValueTask<(string Host, int Port)> BeforeConnectAsync((string Host, int Port) server, CancellationToken closing)
    {
        if (connected is { } before)
        {
            (connected, lost, lostAt) = (null, before, options.TimeProvider.GetTimestamp());
            await Task.Delay(MaxJitter(options) * Random.Shared.NextDouble(), options.TimeProvider, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var address = $"{server.Host}:{server.Port}";
        if (options.Urls.Count > 1 && address == lost && options.TimeProvider.GetElapsedTime(lostAt) < AvoidLostServerFor)
            throw new SocketException((int)SocketError.HostUnreachable);
        trying = address;
        return server;
    }

    /// <summary>Reports that the server tried last accepted the connection.</summary>
    public void Connected() => connected = trying;
}
