using System.Net;
using System.Net.Sockets;
using Osapi.Operations;
using Osapi.Operations.Network;

namespace Osapi.Agent.Hosts.Network;

/// <summary>Looks up names with the host's resolver.</summary>
internal static class AddressLookup
{
    /// <summary>Finds the addresses of a host, at least one, in the order of the resolver.</summary>
    /// <exception cref="OperationException">The name is unknown or cannot be looked up, or the zone of a link-local address is no interface.</exception>
    public static async Task<IReadOnlyList<IPAddress>> FindAddressesAsync(this Host host, HostAddress address, CancellationToken cancellationToken)
    {
        if (address.Value.Split('%') is [_, var zone])
            host.MustExist(zone);
        if (IPAddress.TryParse(address.Value, out var literal))
            return [literal];
        try
        {
            return await Dns.GetHostAddressesAsync(address.Value, cancellationToken) is { Length: > 0 } found ? found : throw Unknown();
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            throw Unknown();
        }
        catch (SocketException exception)
        {
            throw new OperationException(ErrorType.Unavailable, $"the name {address} cannot be looked up: {exception.Message}");
        }

        OperationException Unknown() => new(ErrorType.NotFound, $"the name {address} is unknown to this host's resolver");
    }
}
