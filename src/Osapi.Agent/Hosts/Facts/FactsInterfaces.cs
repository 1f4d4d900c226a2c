using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Osapi.Operations.Facts;

namespace Osapi.Agent.Hosts.Facts;

/// <summary>The network interfaces of the machine (getifaddrs(3), through the framework).</summary>
internal static class FactsInterfaces
{
    public static IReadOnlyList<FactInterface> OfThisMachine() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            // A tunnel has no carrier: it is neither up nor down.
            .Where(nic => nic.NetworkInterfaceType != NetworkInterfaceType.Loopback && nic.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .Where(nic => nic.Name != "lo")
            .OrderBy(nic => nic.Name, StringComparer.Ordinal)
            .Select(nic => Of(nic.Name, nic.GetPhysicalAddress(), [.. nic.GetIPProperties().UnicastAddresses.Select(address => (address.Address, address.PrefixLength))])),
    ];

    internal static FactInterface Of(string name, PhysicalAddress mac, IReadOnlyList<(IPAddress Address, int Prefix)> addresses)
    {
        var v4 = addresses.FirstOrDefault(one => one.Address.AddressFamily == AddressFamily.InterNetwork).Address;
        var v6 = addresses.Select(one => one.Address).Where(one => one.AddressFamily == AddressFamily.InterNetworkV6).OrderBy(one => one.IsIPv6LinkLocal).FirstOrDefault();
        return new()
        {
            Name = name,
            Family = (v4, v6) switch
            {
                (null, null) => null,
                (_, null) => "inet",
                (null, _) => "inet6",
                _ => "dual",
            },
            Ipv4 = v4?.ToString(),
            Ipv6 = v6 is null ? null : Unscoped(v6),
            Mac = mac.GetAddressBytes() is { Length: > 0 } bytes && bytes.Any(part => part != 0)
                ? string.Join(':', bytes.Select(part => part.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)))
                : null,
            Addresses = [.. addresses.Select(one => new FactAddress(Unscoped(one.Address), one.Prefix, one.Address.AddressFamily == AddressFamily.InterNetwork ? "inet" : "inet6"))],
        };
    }

    private static string Unscoped(IPAddress address) => address.ToString().Split('%')[0];
}
