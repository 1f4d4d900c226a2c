using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Metrics;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

internal static partial class NodeHandlers
{
    private static Task<UptimeResult> UptimeAsync(GetUptime request, Host host, CancellationToken cancellationToken)
    {
        var uptime = host.ReadUptime();
        return Task.FromResult(new UptimeResult(Uptime.Compact(uptime), (long)uptime.TotalSeconds));
    }
}
