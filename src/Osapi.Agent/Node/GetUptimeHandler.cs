using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Metrics;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

/// <summary>Runs <see cref="GetUptime"/> on this host.</summary>
internal static class GetUptimeHandler
{
    public static Task<UptimeResult> HandleAsync(GetUptime request, Host host, CancellationToken cancellationToken)
    {
        var uptime = host.ReadUptime();
        return Task.FromResult(new UptimeResult(Uptime.Compact(uptime), (long)uptime.TotalSeconds));
    }
}
