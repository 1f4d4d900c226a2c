using Osapi.Agent.Handlers;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

/// <summary>The handlers of the node family.</summary>
internal static partial class NodeHandlers
{
    public static HandlerTable All => new()
    {
        { NodeOperations.Status, StatusAsync },
        { NodeOperations.Hostname, HostnameAsync },
        { NodeOperations.Os, OsAsync },
        { NodeOperations.Uptime, UptimeAsync },
        { NodeOperations.Load, LoadAsync },
        { NodeOperations.Memory, MemoryAsync },
        { NodeOperations.Disk, DiskAsync },
    };
}
