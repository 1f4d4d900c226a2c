using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Groups;

/// <summary>Groups of hosts and their members.</summary>
public static partial class GroupOperations
{
    // Its permissions are those of users.
    internal static OperationFamily Family => new([List, Get, Update, Delete]);
}

/// <summary>Calls of the group family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class GroupClient(IOperationInvoker invoker);

[JsonSerializable(typeof(ListGroups)), JsonSerializable(typeof(GroupList))]
[JsonSerializable(typeof(GetGroup)), JsonSerializable(typeof(GroupAccount))]
[JsonSerializable(typeof(UpdateGroup)), JsonSerializable(typeof(GroupResult))]
[JsonSerializable(typeof(DeleteGroup)), JsonSerializable(typeof(DeleteGroupResult))]
internal sealed partial class GroupJson : JsonSerializerContext
{
    public static GroupJson Requests { get; } = new(JsonConventions.Strict);

    public static GroupJson Results { get; } = new(JsonConventions.Lenient);
}
