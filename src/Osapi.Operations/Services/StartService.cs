using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>Starts a service, or another unit. Nothing changes when it is active already.</summary>
/// <remarks>A oneshot service without RemainAfterExit is inactive again when it has run, so that each start is a change.</remarks>
public sealed record StartService : IValidatable
{
    /// <summary>The name of the service or unit.</summary>
    public required UnitName Name { get; init; }

    /// <summary>The seconds that it must stay up after it was started, 0 to 60; default: 2.</summary>
    [Range(0, 60)]
    public int? Settle { get; init; }

    /// <summary>False to keep the count of failed starts, after which systemd refuses further ones; default: true, the count is reset.</summary>
    public bool? ResetFailed { get; init; }

    /// <summary>The seconds in which it must have started, 1 to 600; default: 90. If it takes longer, systemd goes on with it.</summary>
    [Range(1, 600)]
    public int? Timeout { get; init; }

    IEnumerable<Problem> IValidatable.Validate() => Name.ProblemsOfInstance();
}

public static partial class ServiceOperations
{
    /// <inheritdoc cref="StartService"/>
    public static Operation<StartService, ServiceChange> Start { get; } = new("service.start.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/service/{name}/start"),
        Permission = Permissions.ServiceWrite,
        Rights = ServiceExamples.Rights,
        Request = ServiceJson.Requests.StartService,
        Result = ServiceJson.Results.ServiceChange,
        Timeout = static request => ServiceExamples.LimitOf(request.Timeout, request.Settle),
        Example = static () => (
            new() { Name = "example-web" },
            new() { Name = "example-web.service", Changed = true, Before = ServiceExamples.Stopped, After = ServiceExamples.Running, MainPid = 912 }),
    };
}

public sealed partial class ServiceClient
{
    /// <inheritdoc cref="StartService"/>
    public Task<JobReply<ServiceChange>> StartAsync(Target target, StartService request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(ServiceOperations.Start, request, target, options, cancellationToken);
}
