namespace Osapi.Operations.Services;

/// <summary>Lists the services of a host, or its other units: those that systemd has loaded, and those that only have a unit file.</summary>
public sealed record ListServices
{
    /// <summary>The names to list; default: all.</summary>
    public UnitPattern? Pattern { get; init; }

    /// <summary>The state of the units to list; default: any.</summary>
    public ActiveState? State { get; init; }

    /// <summary>The type of the units to list; default: service.</summary>
    public UnitKind? Type { get; init; }
}

public static partial class ServiceOperations
{
    /// <inheritdoc cref="ListServices"/>
    public static Operation<ListServices, ServiceList> List { get; } = new("service.list.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/service"),
        Permission = Permissions.ServiceRead,
        Request = ServiceJson.Requests.ListServices,
        Result = ServiceJson.Results.ServiceList,
        Example = static () => (
            new() { Pattern = "systemd-journald*", Type = UnitKind.Service },
            new()
            {
                Services =
                [
                    new() { Name = "systemd-journald.service", ActiveState = "active", SubState = "running", EnabledState = "static", LoadState = "loaded", Description = "Journal Service" },
                    new() { Name = "systemd-journald@.service", ActiveState = "inactive", EnabledState = "static" },
                ],
                Total = 2,
            }),
    };
}

public sealed partial class ServiceClient
{
    /// <inheritdoc cref="ListServices"/>
    public Task<JobReply<ServiceList>> ListAsync(Target target, ListServices? request = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(ServiceOperations.List, request ?? new(), target, options, cancellationToken);
}
