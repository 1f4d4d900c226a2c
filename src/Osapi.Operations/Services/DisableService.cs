using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>Makes a service, or another unit, not start at boot. It is not stopped now.</summary>
public sealed record DisableService : IValidatable
{
    /// <summary>The name of the service or unit.</summary>
    public required UnitName Name { get; init; }

    IEnumerable<Problem> IValidatable.Validate() => Name.ProblemsOfInstance();
}

public static partial class ServiceOperations
{
    /// <inheritdoc cref="DisableService"/>
    public static Operation<DisableService, ServiceChange> Disable { get; } = new("service.disable.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/service/{name}/disable"),
        Permission = Permissions.ServiceWrite,
        Rights = ServiceExamples.Rights,
        Request = ServiceJson.Requests.DisableService,
        Result = ServiceJson.Results.ServiceChange,
        Example = static () => (
            new() { Name = "example-web" },
            new() { Name = "example-web.service", Changed = true, Before = ServiceExamples.Stopped, After = ServiceExamples.Disabled }),
    };
}

public sealed partial class ServiceClient
{
    /// <inheritdoc cref="DisableService"/>
    public Task<JobReply<ServiceChange>> DisableAsync(Target target, DisableService request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(ServiceOperations.Disable, request, target, options, cancellationToken);
}
