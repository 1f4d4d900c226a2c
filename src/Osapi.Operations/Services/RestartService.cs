using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>Restarts a service, or another unit. One that does not run is started.</summary>
public sealed record RestartService : IValidatable
{
    /// <summary>The name of the service or unit.</summary>
    public required UnitName Name { get; init; }

    /// <summary>True to leave a unit alone that does not run; default: false.</summary>
    public bool? OnlyIfRunning { get; init; }

    /// <summary>The seconds that it must stay up after it was started, 0 to 60; default: 2.</summary>
    [Range(0, 60)]
    public int? Settle { get; init; }

    /// <summary>False to keep the count of failed starts, after which systemd refuses further ones; default: true, the count is reset.</summary>
    public bool? ResetFailed { get; init; }

    /// <summary>The seconds in which it must have restarted, 1 to 600; default: 90. If it takes longer, systemd goes on with it.</summary>
    [Range(1, 600)]
    public int? Timeout { get; init; }

    IEnumerable<Problem> IValidatable.Validate() => Name.ProblemsOfInstance();
}

public static partial class ServiceOperations
{
    /// <inheritdoc cref="RestartService"/>
    public static Operation<RestartService, ServiceChange> Restart { get; } = new("service.restart.execute", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/service/{name}/restart"),
        Permission = Permissions.ServiceWrite,
        Rights = ServiceExamples.Rights,
        Request = ServiceJson.Requests.RestartService,
        Result = ServiceJson.Results.ServiceChange,
        Timeout = static request => ServiceExamples.LimitOf(request.Timeout, request.Settle),
        Example = static () => (
            new() { Name = "example-web" },
            new() { Name = "example-web.service", Changed = true, Before = ServiceExamples.Running, After = ServiceExamples.Running, MainPid = 912 }),
    };
}

public sealed partial class ServiceClient
{
    /// <inheritdoc cref="RestartService"/>
    public Task<JobReply<ServiceChange>> RestartAsync(Target target, RestartService request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(ServiceOperations.Restart, request, target, options, cancellationToken);
}
