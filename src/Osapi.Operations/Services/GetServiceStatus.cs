using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>Returns the state of a service, or of another unit. A unit that does not exist is not found.</summary>
public sealed record GetServiceStatus : IValidatable
{
    /// <summary>The name of the service or unit.</summary>
    public required UnitName Name { get; init; }

    IEnumerable<Problem> IValidatable.Validate() => Name.ProblemsOfInstance();
}

public static partial class ServiceOperations
{
    /// <inheritdoc cref="GetServiceStatus"/>
    public static Operation<GetServiceStatus, ServiceStatus> Status { get; } = new("service.status.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/service/{name}"),
        Permission = Permissions.ServiceRead,
        Request = ServiceJson.Requests.GetServiceStatus,
        Result = ServiceJson.Results.ServiceStatus,
        Timeout = static _ => TimeSpan.FromSeconds(10),
        Example = static () => (
            new() { Name = "dbus" },
            new()
            {
                Name = "dbus.service",
                LoadState = "loaded",
                ActiveState = "active",
                SubState = "running",
                EnabledState = "static",
                Type = "notify",
                Result = "success",
                MainPid = 84,
                Since = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                CanReload = true,
                FragmentPath = "/lib/systemd/system/dbus.service",
                TriggeredBy = ["dbus.socket"],
                Description = "D-Bus System Message Bus",
            }),
    };
}

public sealed partial class ServiceClient
{
    /// <inheritdoc cref="GetServiceStatus"/>
    public Task<JobReply<ServiceStatus>> StatusAsync(Target target, UnitName name, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(ServiceOperations.Status, new() { Name = name }, target, options, cancellationToken);
}
