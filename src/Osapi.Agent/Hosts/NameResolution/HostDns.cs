using Osapi.Agent.Hosts.Network;
using Osapi.Operations.Network;

namespace Osapi.Agent.Hosts.NameResolution;

/// <summary>The DNS settings of the machine, wherever they are kept. That is decided at each call: a service may have been started since.</summary>
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

    /// <summary>What there is to do for a request. Nothing is changed by finding out.</summary>
    public static async Task<DnsPlan> PlanDnsAsync(this Host host, UpdateDns request, CancellationToken cancellationToken)
    {
        host.MustExist(request.InterfaceName);
        var services = await DnsBackendDetection.FindAsync(host, cancellationToken);
        return services.Resolved ? await SystemdResolvedDns.PlanAsync(host, request, services.Networkd, cancellationToken) : ResolvConfDns.Plan(host, request);
    }
}
