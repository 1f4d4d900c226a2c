using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Disks;
using Osapi.Agent.Hosts.Facts;
using Osapi.Agent.Hosts.Identity;
using Osapi.Agent.Hosts.Metrics;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

/// <summary>Runs <see cref="GetNodeStatus"/> on this host.</summary>
internal static class GetNodeStatusHandler
{
    // Less than the operation's time limit: one hanging part must not cost the others.
    private static readonly TimeSpan PartLimit = TimeSpan.FromSeconds(3);

    public static async Task<NodeStatus> HandleAsync(GetNodeStatus request, Host host, CancellationToken cancellationToken)
    {
        var name = PartAsync(KernelHostname.ReadHostname);
        var uptime = PartAsync(from => Uptime.Describe(from.ReadUptime()));
        var os = PartAsync(OsRelease.ReadOs);
        var load = PartAsync(LoadAverages.ReadLoad);
        var memory = PartAsync(MemoryUsage.ReadMemory);
        var disks = PartOfAsync(from => from.ReadDisksAsync(cancellationToken));
        await Task.WhenAll(name, uptime, os, load, memory, disks);
        return new()
        {
            OsHostname = await name,
            Uptime = await uptime,
            OsInfo = await os,
            LoadAverage = await load,
            Memory = await memory,
            Disks = (await disks)?.Disks,
            DisksUnavailable = (await disks)?.Unavailable,
        };

        // The summary shows the available parts; the operation for a single part reports its error.
        Task<T?> PartAsync<T>(Func<Host, T> read)
            where T : class =>
            PartOfAsync(from => Task.FromResult(read(from)));

        async Task<T?> PartOfAsync<T>(Func<Host, Task<T>> readAsync)
            where T : class
        {
            try
            {
                return await Task.Run(() => readAsync(host), cancellationToken).WaitAsync(PartLimit, host.Time, cancellationToken);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }
    }
}
