using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Disks;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

/// <summary>Runs <see cref="GetDisk"/> on this host.</summary>
internal static class GetDiskHandler
{
    public static Task<DiskResult> HandleAsync(GetDisk request, Host host, CancellationToken cancellationToken) =>
        host.ReadDisksAsync(cancellationToken);
}
