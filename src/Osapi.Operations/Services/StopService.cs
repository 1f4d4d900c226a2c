using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>Stops a service, or another unit. Nothing changes when it is inactive already.</summary>
/// <remarks>A failed unit becomes inactive. A socket or timer of the service can start it again.</remarks>
public sealed record StopService : IValidatable
{
    /// <summary>The name of the service or unit.</summary>
    public required UnitName Name { get; init; }

    /// <summary>The seconds in which it must have stopped, 1 to 600; default: 90. If it takes longer, systemd goes on with it.</summary>
    [Range(1, 600)]
    public int? Timeout { get; init; }

    IEnumerable<Problem> IValidatable.Validate() => Name.ProblemsOfInstance();
}

public static partial class ServiceOperations
{
    /// <inheritdoc cref="StopService"/>
    public static Operation<StopService, ServiceChange> Stop { get; } = new("service.stop.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/service/{name}/stop"),
        Permission = Permissions.ServiceWrite,
        Rights = ServiceExamples.Rights,
        Request = ServiceJson.Requests.StopService,
        Result = ServiceJson.Results.ServiceChange,
        Timeout = static request => ServiceExamples.LimitOf(request.Timeout, settle: 0),
        Example = static () => (
            new() { Name = "example-web" },
            new() { Name = "example-web.service", Changed = true, Before = ServiceExamples.Running, After = ServiceExamples.Stopped }),
    };
}

public sealed partial class ServiceClient
{
    /// <inheritdoc cref="StopService"/>
    public Task<JobReply<ServiceChange>> StopAsync(Target target, StopService request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(ServiceOperations.Stop, request, target, options, cancellationToken);
}
