using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Node;

/// <summary>Hosts: name, operating system, uptime, load, memory and disks.</summary>
public static partial class NodeOperations
{
    // Evaluated on each access: the operations are in other parts of this class, whose initializers may run later.
    internal static OperationFamily Family => new([Status, Hostname, Os, Uptime, Load, Memory, Disk]) { Read = [Permissions.NodeRead] };
}

/// <summary>Calls of the node family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class NodeClient(IOperationInvoker invoker);

[JsonSerializable(typeof(GetNodeStatus)), JsonSerializable(typeof(NodeStatus))]
[JsonSerializable(typeof(GetHostname)), JsonSerializable(typeof(HostnameResult))]
[JsonSerializable(typeof(GetOs)), JsonSerializable(typeof(OsInfoResult))]
[JsonSerializable(typeof(GetUptime)), JsonSerializable(typeof(UptimeResult))]
[JsonSerializable(typeof(GetLoad)), JsonSerializable(typeof(LoadResult))]
[JsonSerializable(typeof(GetMemory)), JsonSerializable(typeof(MemoryResult))]
[JsonSerializable(typeof(GetDisk)), JsonSerializable(typeof(DiskResult))]
internal sealed partial class NodeJson : JsonSerializerContext
{
    public static NodeJson Requests { get; } = new(JsonConventions.Strict);

    public static NodeJson Results { get; } = new(JsonConventions.Lenient);
}
