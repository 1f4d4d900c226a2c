namespace Osapi.Operations.Health;

/// <summary>Asks whether the controller is alive. It answers without looking at anything it depends on.</summary>
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
