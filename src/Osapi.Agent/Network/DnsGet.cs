using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.NameResolution;
using Osapi.Operations.Network;

namespace Osapi.Agent.Network;

internal static partial class NetworkHandlers
{
    private static Task<DnsConfig> DnsGetAsync(GetDns request, Host host, CancellationToken cancellationToken) =>
        host.ReadDnsAsync(request.InterfaceName, cancellationToken);
}
