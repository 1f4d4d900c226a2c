using System.Net.NetworkInformation;
using Osapi.Agent.Hosts.Facts;

namespace Osapi.Agent.Hosts.Identity;

/// <summary>The primary address of this machine.</summary>
internal static class PrimaryAddress
{
    /// <summary>
    /// Gets the address of the interface with the default route, else of the first interface that has one; on a machine
    /// without a network its loopback address.
    /// </summary>
    public static string ReadAddress(this Host host)
    {
        try
        {
            var primary = FactsRoutes.Primary(FactsRoutes.Read(host));
            return host.Interfaces().OrderByDescending(one => one.Name == primary).Select(one => one.Ipv4 ?? one.Ipv6).FirstOrDefault(address => address is not null) ?? "127.0.0.1";
        }
        catch (NetworkInformationException)
        {
            return "127.0.0.1";
        }
    }
}
