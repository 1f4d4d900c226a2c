using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Health;

/// <summary>The health of the controller.</summary>
public static partial class HealthOperations
{
    internal static OperationFamily Family => new([Liveness, Ready, Status]) { Read = [Permissions.HealthRead] };
}

/// <summary>Calls of the health family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class HealthClient(IOperationInvoker invoker);

/// <summary>The controller is alive.</summary>
/// <param name="Status">Always <c>ok</c>.</param>
public sealed record HealthStatus(string Status);

/// <summary>The readiness of the controller: whether it can accept jobs.</summary>
/// <param name="Status">The status: <c>ready</c> or <c>not_ready</c>.</param>
/// <param name="Error">The reason that the controller is not ready; null when it is.</param>
public sealed record ReadyStatus(string Status, string? Error = null);

[JsonSerializable(typeof(GetLiveness)), JsonSerializable(typeof(HealthStatus))]
[JsonSerializable(typeof(GetReadiness)), JsonSerializable(typeof(ReadyStatus))]
[JsonSerializable(typeof(GetSystemStatus)), JsonSerializable(typeof(SystemStatus))]
internal sealed partial class HealthJson : JsonSerializerContext
{
    public static HealthJson Requests { get; } = new(JsonConventions.Strict);

    public static HealthJson Results { get; } = new(JsonConventions.Lenient);
}
