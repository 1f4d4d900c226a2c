using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Disks;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

internal static partial class NodeHandlers
{
    private static Task<DiskResult> DiskAsync(GetDisk request, Host host, CancellationToken cancellationToken) =>
        host.ReadDisksAsync(cancellationToken);
}
