using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

internal static partial class NodeHandlers
{
    private static Task<Answer<UptimeResult>> UptimeAsync(GetUptime request, Host host, CancellationToken cancellationToken)
    {
        var uptime = host.ReadUptime();
        return Task.FromResult<Answer<UptimeResult>>(new UptimeResult(UptimeInfo.Compact(uptime), (long)uptime.TotalSeconds));
    }
}
