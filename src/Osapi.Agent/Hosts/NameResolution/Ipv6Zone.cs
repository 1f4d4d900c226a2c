using System.Net;
using Osapi.Operations.Network;

namespace Osapi.Agent.Hosts.NameResolution;

/// <summary>The zone of a link-local server: the interface after the <c>%</c>.</summary>
/// <remarks>A request names its interface once; in a file that serves all interfaces each server needs its own.</remarks>
internal static class Ipv6Zone
{
    /// <summary>Adds the zone for storage in a file: a link-local address means nothing without its interface.</summary>
    public static string With(string server, InterfaceName name) =>
        !server.Contains('%', StringComparison.Ordinal) && IPAddress.TryParse(server, out var address) && address.IsIPv6LinkLocal ? $"{server}%{name}" : server;

    /// <summary>Removes the zone if it is the given interface.</summary>
    public static string Without(string server, InterfaceName name) =>
        server.EndsWith($"%{name}", StringComparison.Ordinal) ? server[..^(name.Value.Length + 1)] : server;

    /// <summary>True when two spellings are the same address in the same zone.</summary>
    public static bool AreSame(string a, string b)
    {
        var (one, other) = (a.Split('%', 2), b.Split('%', 2));
        return a == b || (one.ElementAtOrDefault(1) == other.ElementAtOrDefault(1)
            && IPAddress.TryParse(one[0], out var first) && IPAddress.TryParse(other[0], out var second) && first.Equals(second));
    }
}
