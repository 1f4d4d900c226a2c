using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>Control services and other systemd units.</summary>
public static partial class ServiceOperations
{
    internal static OperationFamily Family => new([List, Status, UpdateState, Start, Stop, Restart, Reload, Enable, Disable, UpdateUnit, DeleteUnit])
    {
        Read = [Permissions.ServiceRead],
        Write = [Permissions.ServiceWrite],
    };
}

/// <summary>Calls of the service family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class ServiceClient(IOperationInvoker invoker);

[JsonSerializable(typeof(ListServices)), JsonSerializable(typeof(ServiceList))]
[JsonSerializable(typeof(GetServiceStatus)), JsonSerializable(typeof(ServiceStatus))]
[JsonSerializable(typeof(UpdateServiceState)), JsonSerializable(typeof(ServiceChange))]
[JsonSerializable(typeof(StartService)), JsonSerializable(typeof(StopService)), JsonSerializable(typeof(RestartService)), JsonSerializable(typeof(ReloadService))]
[JsonSerializable(typeof(EnableService)), JsonSerializable(typeof(DisableService))]
[JsonSerializable(typeof(UpdateUnit)), JsonSerializable(typeof(DeleteUnit)), JsonSerializable(typeof(UnitChange))]
internal sealed partial class ServiceJson : JsonSerializerContext
{
    public static ServiceJson Requests { get; } = new(JsonConventions.Strict);

    public static ServiceJson Results { get; } = new(JsonConventions.Lenient);
}
