namespace Osapi.Operations.Health;

/// <summary>Checks that the controller is alive. The dependencies of the controller are not checked.</summary>
public sealed record GetLiveness;

public static partial class HealthOperations
{
    /// <inheritdoc cref="GetLiveness"/>
    public static ControllerOperation<GetLiveness, HealthStatus> Liveness { get; } = new("health.liveness.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/health"),
        Permission = null,
        Request = HealthJson.Requests.GetLiveness,
        Result = HealthJson.Results.HealthStatus,
        Example = static () => (new(), new("ok")),
    };
}

public sealed partial class HealthClient
{
    /// <inheritdoc cref="GetLiveness"/>
    public Task<HealthStatus> LivenessAsync(CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(HealthOperations.Liveness, new(), options, cancellationToken);
}
