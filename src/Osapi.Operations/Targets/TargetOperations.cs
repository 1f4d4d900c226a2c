using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Targets;

/// <summary>Targets: the hosts that a call would reach.</summary>
public static partial class TargetOperations
{
    internal static OperationFamily Family => new([Resolve]);
}

/// <summary>Calls of the target family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class TargetClient(IOperationInvoker invoker);

[JsonSerializable(typeof(ResolveTarget)), JsonSerializable(typeof(ResolvedTarget))]
internal sealed partial class TargetsJson : JsonSerializerContext
{
    public static TargetsJson Requests { get; } = new(JsonConventions.Strict);

    public static TargetsJson Results { get; } = new(JsonConventions.Lenient);
}
