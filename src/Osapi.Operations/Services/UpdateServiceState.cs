using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>Ensures that a unit is running or stopped, enabled or disabled, masked or not. Members that are not given stay unchanged.</summary>
/// <remarks>
/// A masked unit is not started or enabled unless <c>masked</c> is false. The order is: unmask, enable or disable, start or stop,
/// mask.
/// </remarks>
public sealed record UpdateServiceState : IValidatable
{
    /// <summary>The name of the service or unit.</summary>
    public required UnitName Name { get; init; }

    /// <summary>The state: running or stopped; default: unchanged.</summary>
    public DesiredServiceState? State { get; init; }

    /// <summary>True to start it at each boot, false not to; default: unchanged.</summary>
    public bool? Enabled { get; init; }

    /// <summary>True to prevent every start, false to allow starts again; default: unchanged.</summary>
    public bool? Masked { get; init; }

    /// <summary>The seconds that it must stay up after it was started, 0 to 60; default: 2.</summary>
    [Range(0, 60)]
    public int? Settle { get; init; }

    /// <summary>The seconds in which the state must be reached, 1 to 600; default: 90. A start or stop that takes longer goes on.</summary>
    [Range(1, 600)]
    public int? Timeout { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        foreach (var problem in Name.ProblemsOfInstance())
            yield return problem;
        if (State is null && Enabled is null && Masked is null)
            yield return new("state", "is required, unless enabled or masked is given");
        if (Masked == true && State == DesiredServiceState.Running)
            yield return new("masked", "must not be true for a unit that is to run: a masked unit cannot be started");
        if (Masked == true && Enabled == true)
            yield return new("masked", "must not be true for a unit that is to be enabled: a masked unit cannot be started");
    }
}

public static partial class ServiceOperations
{
    /// <inheritdoc cref="UpdateServiceState"/>
    public static Operation<UpdateServiceState, ServiceChange> UpdateState { get; } = new("service.state.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/service/{name}/state"),
        Permission = Permissions.ServiceWrite,
        Rights = ServiceExamples.Rights,
        Request = ServiceJson.Requests.UpdateServiceState,
        Result = ServiceJson.Results.ServiceChange,
        Timeout = static request => ServiceExamples.LimitOf(request.Timeout, request.State == DesiredServiceState.Running ? request.Settle : 0),
        Example = static () => (
            new() { Name = "example-web", State = DesiredServiceState.Running, Enabled = true },
            new() { Name = "example-web.service", Changed = true, Before = ServiceExamples.Disabled, After = ServiceExamples.Running, MainPid = 912 }),
    };
}

public sealed partial class ServiceClient
{
    /// <inheritdoc cref="UpdateServiceState"/>
    public Task<JobReply<ServiceChange>> UpdateStateAsync(Target target, UpdateServiceState request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(ServiceOperations.UpdateState, request, target, options, cancellationToken);
}
