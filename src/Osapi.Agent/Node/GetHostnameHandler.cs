using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Identity;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

/// <summary>Runs <see cref="GetHostname"/> on this host.</summary>
internal static class GetHostnameHandler
{
    public static Task<HostnameResult> HandleAsync(GetHostname request, Host host, CancellationToken cancellationToken) =>
        Task.FromResult(new HostnameResult { OsHostname = host.ReadHostname(), Labels = host.Labels.Count > 0 ? host.Labels : null });
}
