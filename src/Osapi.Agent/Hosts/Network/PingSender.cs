using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Osapi.Operations;
using Osapi.Operations.Network;

namespace Osapi.Agent.Hosts.Network;

/// <summary>The result of one echo request.</summary>
/// <param name="Time">The round-trip time; null when it was lost.</param>
/// <param name="Reason">The reason why it was lost, when more is known than a timeout.</param>
internal readonly record struct EchoReply(TimeSpan? Time, string? Reason);

/// <summary>
/// Sends ICMP echo requests (RFC 792, RFC 4443). The framework opens a raw socket when permitted, and otherwise runs
/// the system's ping, which needs no privileges.
/// </summary>
internal static class PingSender
{
    /// <summary>Resolves the address: the first that the resolver returns for a name.</summary>
    /// <exception cref="OperationException">
    /// The name is unknown or cannot be resolved, or the zone is not an interface of the host.
    /// </exception>
    public static async Task<IPAddress> FindAddressAsync(this Host host, HostAddress address, CancellationToken cancellationToken) =>
        ToPingable((await host.FindAddressesAsync(address, cancellationToken))[0], address);

    // The unspecified address; some resolvers return it to block a name.
    private static IPAddress ToPingable(IPAddress found, HostAddress address) => !found.Equals(IPAddress.Any) && !found.Equals(IPAddress.IPv6Any)
        ? found
        : throw new OperationException(ErrorType.Invalid, found.ToString() == address.Value
            ? $"{address} is the unspecified address, which cannot be pinged"
            : $"the name {address} resolves to {found}, the unspecified address, which cannot be pinged");

    /// <summary>
    /// Sends all requests at their scheduled times, whether or not earlier ones were answered, and awaits them all.
    /// </summary>
    /// <exception cref="OperationException">The host could not send any request.</exception>
    public static async Task<IReadOnlyList<EchoReply>> SendEchoesAsync(
        this Host host, IPAddress address, int count, TimeSpan interval, TimeSpan timeout, CancellationToken cancellationToken)
    {
        List<Task<Sent>> sent = [];
        for (var number = 0; number < count; number++)
        {
            if (number > 0)
                await Task.Delay(interval, host.Time, cancellationToken);
            // A request that cannot be sent will not be sendable in a second either; do not make the caller wait for a
            // hundred of them.
            if (number > 0 && sent.TrueForAll(echo => echo.IsCompletedSuccessfully) && (await Task.WhenAll(sent)).All(echo => echo.Error is not null))
                break;
            sent.Add(SendAsync(host.Time, address, timeout, cancellationToken));
        }

        var echoes = await Task.WhenAll(sent);
        return echoes.All(echo => echo.Error is not null) ? throw echoes[0].Error! : [.. echoes.Select(echo => new EchoReply(echo.Time, echo.Reason ?? echo.Error?.Message))];
    }

    private static async Task<Sent> SendAsync(TimeProvider time, IPAddress address, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using Ping ping = new();
        var begin = time.GetTimestamp();
        try
        {
            var reply = await ping.SendPingAsync(address, timeout, cancellationToken: cancellationToken);
            var elapsed = time.GetElapsedTime(begin);
            return reply.Status switch
            {
                IPStatus.Success => new(SelectReply(elapsed, reply.RoundtripTime), null, null),
                IPStatus.TimedOut => new(null, null, null),
                _ => new(null, Describe(reply), null),
            };
        }
        catch (PingException exception)
        {
            return new(null, null, Refusal(address, exception.InnerException ?? exception));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException and not PlatformNotSupportedException)
        {
            return new(null, null, new(ErrorType.Invalid, $"{address} is not an address that can be pinged"));
        }
        catch (PlatformNotSupportedException)
        {
            return new(null, null, new(ErrorType.Unavailable, "this agent may not open a raw socket, and the host has no privileged ping utility (iputils-ping)"));
        }
    }

    // The framework reports whole milliseconds. For its own socket the time is measured around the call. For the
    // utility that would include the process start, so its value is used; less than a millisecond counts as half of
    // one.
    private static TimeSpan SelectReply(TimeSpan elapsed, long milliseconds) =>
        elapsed.TotalMilliseconds - milliseconds is >= 0 and < 1.0 ? elapsed : TimeSpan.FromMilliseconds(Math.Max(milliseconds, 0.5));

    private static OperationException Refusal(IPAddress address, Exception cause) => cause is SocketException { SocketErrorCode: var code } socket
        ? code switch
        {
            SocketError.AccessDenied => new(ErrorType.Failed, $"this host may not send to {address}: permission denied by a local firewall or because of a missing privilege"),
            SocketError.NetworkUnreachable or SocketError.HostUnreachable => new(ErrorType.Unavailable, $"this host has no route to {address}: {socket.Message}"),
            _ => new(ErrorType.Unavailable, $"{address} cannot be pinged: {socket.Message}"),
        }
        : new(ErrorType.Unavailable, $"{address} cannot be pinged: {cause.Message}");

    // The framework reports an unreachable host as an expired time to live (TtlExpired); the sender of the reply
    // distinguishes the two.
    private static string Describe(PingReply reply) => reply.Status switch
    {
        IPStatus.TtlExpired or IPStatus.DestinationHostUnreachable when IsOwn(reply.Address) => "no host answers at that address in its network",
        IPStatus.TtlExpired => $"{reply.Address} reports that the host is unreachable or the route is too long",
        IPStatus.DestinationHostUnreachable => "a router reports that the host is unreachable",
        IPStatus.DestinationNetworkUnreachable => "a router reports that the network is unreachable",
        IPStatus.DestinationProhibited => "a router reports that it is prohibited",
        IPStatus.TimeExceeded => "the route is too long or contains a loop",
        var status => $"the answer was {status}",
    };

    private static bool IsOwn(IPAddress address) =>
        NetworkInterface.GetAllNetworkInterfaces().Any(own => own.GetIPProperties().UnicastAddresses.Any(unicast => unicast.Address.Equals(address)));

    private readonly record struct Sent(TimeSpan? Time, string? Reason, OperationException? Error);
}
