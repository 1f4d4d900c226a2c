using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>Makes a running service read its configuration again, without a restart.</summary>
/// <remarks>A service that cannot is a conflict, unless <c>or_restart</c> is true.</remarks>
public sealed record ReloadService : IValidatable
{
    /// <summary>The name of the service or unit.</summary>
    public required UnitName Name { get; init; }

    /// <summary>True to restart a service that cannot reload, and to start one that does not run; default: false.</summary>
    public bool? OrRestart { get; init; }

    /// <summary>The seconds in which it must have reloaded, 1 to 600; default: 90. If it takes longer, systemd goes on with it.</summary>
    [Range(1, 600)]
    public int? Timeout { get; init; }

    IEnumerable<Problem> IValidatable.Validate() => Name.ProblemsOfInstance();
}

public static partial class ServiceOperations
{
    /// <inheritdoc cref="ReloadService"/>
    public static Operation<ReloadService, ServiceChange> Reload { get; } = new("service.reload.execute", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/service/{name}/reload"),
        Permission = Permissions.ServiceWrite,
        Rights = ServiceExamples.Rights,
        Request = ServiceJson.Requests.ReloadService,
        Result = ServiceJson.Results.ServiceChange,
        Timeout = static request => ServiceExamples.LimitOf(request.Timeout, settle: 0),
        Example = static () => (
            new() { Name = "example-web" },
            new() { Name = "example-web.service", Changed = true, Before = ServiceExamples.Running, After = ServiceExamples.Running, MainPid = 912 }),
    };
}

public sealed partial class ServiceClient
{
    /// <inheritdoc cref="ReloadService"/>
    public Task<JobReply<ServiceChange>> ReloadAsync(Target target, ReloadService request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(ServiceOperations.Reload, request, target, options, cancellationToken);
}
