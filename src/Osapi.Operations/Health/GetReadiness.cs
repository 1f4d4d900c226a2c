namespace Osapi.Operations.Health;

/// <summary>Checks that the controller can accept jobs: its transport responds. The status is 503 when it cannot.</summary>
public sealed record GetReadiness;

public static partial class HealthOperations
{
    /// <inheritdoc cref="GetReadiness"/>
    public static ControllerOperation<GetReadiness, ReadyStatus> Ready { get; } = new("health.ready.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/health/ready"),
        Permission = null,
        Request = HealthJson.Requests.GetReadiness,
        Result = HealthJson.Results.ReadyStatus,
        Example = static () => (new(), new("ready")),
    };
}

public sealed partial class HealthClient
{
    /// <inheritdoc cref="GetReadiness"/>
    public Task<ReadyStatus> ReadyAsync(CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(HealthOperations.Ready, new(), options, cancellationToken);
}
