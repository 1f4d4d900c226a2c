using Osapi.Agent.Hosts;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

internal static partial class NodeHandlers
{
    // A disk that hangs must not cost the other parts.
    private static readonly TimeSpan PartLimit = TimeSpan.FromSeconds(5);

    private static async Task<NodeStatus> StatusAsync(GetNodeStatus request, Host host, CancellationToken cancellationToken)
    {
        var name = PartAsync(KernelName.ReadHostname);
        var uptime = PartAsync(from => UptimeClock.Words(from.ReadUptime()));
        var os = PartAsync(OsRelease.ReadOs);
        var load = PartAsync(LoadAverages.ReadLoad);
        var memory = PartAsync(MemoryUse.ReadMemory);
        var disks = PartAsync(DiskSpace.ReadDisks);
        await Task.WhenAll(name, uptime, os, load, memory, disks);
        return new()
        {
            OsHostname = await name,
            Uptime = await uptime,
            OsInfo = await os,
            LoadAverage = await load,
            Memory = await memory,
            Disks = await disks,
        };

        // A summary shows what there is; the operation for the one part says what is wrong with it.
        async Task<T?> PartAsync<T>(Func<Host, T> read)
            where T : class
        {
            try
            {
                return await Task.Run(() => read(host), cancellationToken).WaitAsync(PartLimit, host.Time, cancellationToken);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }
    }
}
