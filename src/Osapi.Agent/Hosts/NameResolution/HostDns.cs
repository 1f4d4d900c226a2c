using Osapi.Agent.Hosts.Network;
using Osapi.Operations.Network;

namespace Osapi.Agent.Hosts.NameResolution;

/// <summary>
/// The DNS settings of the machine, in whichever backend they are kept. The backend is detected at each call, because a
/// service may have been started since.
/// </summary>
internal static class HostDns
{
    public static async Task<DnsConfig> ReadDnsAsync(this Host host, InterfaceName name, CancellationToken cancellationToken)
    {
        host.MustExist(name);
        var services = await DnsBackendDetection.FindAsync(host, cancellationToken);
        var settings = services.Resolved ? await SystemdResolvedDns.ReadAsync(host, name, cancellationToken) : ResolvConfDns.Read(host, name);
        return new()
        {
            Servers = settings.Servers,
            SearchDomains = settings.SearchDomains,
            Backend = services.Resolved ? DnsBackend.SystemdResolved : DnsBackend.ResolvConf,
            Note = services.Resolved ? null : ResolvConfDns.Absence(host),
        };
    }

    /// <summary>Computes the changes for a request, without making any.</summary>
    public static async Task<DnsPlan> PlanDnsAsync(this Host host, UpdateDns request, CancellationToken cancellationToken)
    {
        host.MustExist(request.InterfaceName);
        var services = await DnsBackendDetection.FindAsync(host, cancellationToken);
        return services.Resolved ? await SystemdResolvedDns.PlanAsync(host, request, services.Networkd, cancellationToken) : ResolvConfDns.Plan(host, request);
    }
}
