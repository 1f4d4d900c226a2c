using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

internal static partial class NodeHandlers
{
    private static Task<Answer<NodeStatus>> StatusAsync(GetNodeStatus request, Host host, CancellationToken cancellationToken) =>
        Task.FromResult<Answer<NodeStatus>>(new NodeStatus
        {
            OsHostname = Part(host, KernelName.ReadHostname),
            Uptime = Part(host, from => UptimeInfo.Words(from.ReadUptime())),
            OsInfo = Part(host, OsRelease.ReadOs),
            LoadAverage = Part(host, LoadInfo.ReadLoad),
            Memory = Part(host, MemoryInfo.ReadMemory),
            Disks = Part(host, DiskSpace.ReadDisks),
        });

    // A summary shows what there is; the operation for the one part says what is wrong with it.
    private static T? Part<T>(Host host, Func<Host, T> read)
        where T : class
    {
        try
        {
            return read(host);
        }
        catch (OperationException)
        {
            return null;
        }
    }
}
