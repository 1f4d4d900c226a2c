using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Identity;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

internal static partial class NodeHandlers
{
    private static Task<HostnameResult> HostnameAsync(GetHostname request, Host host, CancellationToken cancellationToken) =>
        Task.FromResult(new HostnameResult { OsHostname = host.ReadHostname(), Labels = host.Labels.Count > 0 ? host.Labels : null });
}
