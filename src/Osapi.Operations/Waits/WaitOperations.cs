using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Waits;

/// <summary>Wait on hosts until a port or a path is in a state.</summary>
public static partial class WaitOperations
{
    // Its permissions are those of the families that show the same.
    internal static OperationFamily Family => new([Port, Path]);

    // The answer of an attempt that began at the last moment.
    internal static TimeSpan LimitOf(int? timeout) => TimeSpan.FromSeconds((timeout ?? DefaultTimeout) + 5);

    private const int DefaultTimeout = 300;
}

/// <summary>Calls of the wait family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class WaitClient(IOperationInvoker invoker);

[JsonSerializable(typeof(WaitForPort)), JsonSerializable(typeof(PortWaitResult))]
[JsonSerializable(typeof(WaitForPath)), JsonSerializable(typeof(PathWaitResult))]
internal sealed partial class WaitJson : JsonSerializerContext
{
    public static WaitJson Requests { get; } = new(JsonConventions.Strict);

    public static WaitJson Results { get; } = new(JsonConventions.Lenient);
}
