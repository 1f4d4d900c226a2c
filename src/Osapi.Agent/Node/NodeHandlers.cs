using Osapi.Agent.Handlers;
using Osapi.Operations.Node;

namespace Osapi.Agent.Node;

/// <summary>The handlers of the node family.</summary>
internal static class NodeHandlers
{
    public static HandlerTable All => new()
    {
        { NodeOperations.Status, GetNodeStatusHandler.HandleAsync },
        { NodeOperations.Hostname, GetHostnameHandler.HandleAsync },
        { NodeOperations.Os, GetOsHandler.HandleAsync },
        { NodeOperations.Uptime, GetUptimeHandler.HandleAsync },
        { NodeOperations.Load, GetLoadHandler.HandleAsync },
        { NodeOperations.Memory, GetMemoryHandler.HandleAsync },
        { NodeOperations.Disk, GetDiskHandler.HandleAsync },
    };
}
