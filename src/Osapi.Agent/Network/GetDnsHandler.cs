using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.NameResolution;
using Osapi.Operations.Network;

namespace Osapi.Agent.Network;

/// <summary>Runs <see cref="GetDns"/> on this host.</summary>
internal static class GetDnsHandler
{
    public static Task<DnsConfig> HandleAsync(GetDns request, Host host, CancellationToken cancellationToken) =>
        host.ReadDnsAsync(request.InterfaceName, cancellationToken);
}
