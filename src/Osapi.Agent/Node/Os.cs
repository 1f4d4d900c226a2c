using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Facts;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

internal static partial class NodeHandlers
{
    private static Task<OsInfoResult> OsAsync(GetOs request, Host host, CancellationToken cancellationToken) =>
        Task.FromResult(new OsInfoResult(host.ReadOs()));
}
