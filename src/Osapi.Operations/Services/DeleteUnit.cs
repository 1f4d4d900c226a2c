namespace Osapi.Operations.Services;

/// <summary>Removes a unit file, or a drop-in, that <c>service.unit.update</c> wrote. The unit is stopped and disabled before.</summary>
/// <remarks>
/// Where a package has a unit file of the same name, that one is in force again, and the unit goes on running. A drop-in is only
/// removed.
/// </remarks>
public sealed record DeleteUnit
{
    /// <summary>The name of the service or unit.</summary>
    public required UnitName Name { get; init; }

    /// <summary>The name of the drop-in; default: none, the unit file itself.</summary>
    public DropInName? DropIn { get; init; }

    /// <summary>True to remove a unit file that another program wrote; default: false.</summary>
    public bool? Force { get; init; }
}

public static partial class ServiceOperations
{
    /// <inheritdoc cref="Osapi.Operations.Services.DeleteUnit"/>
    public static Operation<DeleteUnit, UnitChange> DeleteUnit { get; } = new("service.unit.delete", Idempotency.Idempotent)
    {
        Route = HttpRoute.Delete("/node/{hostname}/service/{name}/unit"),
        Permission = Permissions.ServiceWrite,
        Rights = ServiceExamples.Rights,
        Request = ServiceJson.Requests.DeleteUnit,
        Result = ServiceJson.Results.UnitChange,
        Timeout = static _ => TimeSpan.FromSeconds(150),
        Example = static () => (
            new() { Name = "example-web" },
            new() { Name = "example-web.service", Path = ServiceExamples.UnitPath, Changed = true, DaemonReloaded = true }),
    };
}

public sealed partial class ServiceClient
{
    /// <inheritdoc cref="DeleteUnit"/>
    public Task<JobReply<UnitChange>> DeleteUnitAsync(Target target, DeleteUnit request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(ServiceOperations.DeleteUnit, request, target, options, cancellationToken);
}
