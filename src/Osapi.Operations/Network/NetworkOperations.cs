using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Network;

/// <summary>Network settings and pings of hosts.</summary>
public static partial class NetworkOperations
{
    // Evaluated on each access: the operations are in other parts of this class, whose initializers may run later.
    internal static OperationFamily Family => new([GetDns, UpdateDns, Ping]) { Read = [Permissions.NetworkRead], Write = [Permissions.NetworkWrite] };
}

/// <summary>Calls of the network family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class NetworkClient(IOperationInvoker invoker);

[JsonSerializable(typeof(GetDns)), JsonSerializable(typeof(DnsConfig))]
[JsonSerializable(typeof(UpdateDns)), JsonSerializable(typeof(DnsUpdateResult))]
[JsonSerializable(typeof(PingHost)), JsonSerializable(typeof(PingResult))]
internal sealed partial class NetworkJson : JsonSerializerContext
{
    public static NetworkJson Requests { get; } = new(JsonConventions.Strict);

    public static NetworkJson Results { get; } = new(JsonConventions.Lenient);
}
