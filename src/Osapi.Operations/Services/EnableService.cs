using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>Makes a service, or another unit, start at each boot. It is not started now.</summary>
public sealed record EnableService : IValidatable
{
    /// <summary>The name of the service or unit.</summary>
    public required UnitName Name { get; init; }

    IEnumerable<Problem> IValidatable.Validate() => Name.ProblemsOfInstance();
}

public static partial class ServiceOperations
{
    /// <inheritdoc cref="EnableService"/>
    public static Operation<EnableService, ServiceChange> Enable { get; } = new("service.enable.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/service/{name}/enable"),
        Permission = Permissions.ServiceWrite,
        Rights = ServiceExamples.Rights,
        Request = ServiceJson.Requests.EnableService,
        Result = ServiceJson.Results.ServiceChange,
        Example = static () => (
            new() { Name = "example-web" },
            new() { Name = "example-web.service", Changed = true, Before = ServiceExamples.Disabled, After = ServiceExamples.Stopped }),
    };
}

public sealed partial class ServiceClient
{
    /// <inheritdoc cref="EnableService"/>
    public Task<JobReply<ServiceChange>> EnableAsync(Target target, EnableService request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(ServiceOperations.Enable, request, target, options, cancellationToken);
}
