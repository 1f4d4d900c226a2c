namespace Osapi.Operations.Health;

/// <summary>
/// Returns the status of components, agents and jobs. The status is 503 when a required component does not respond.
/// </summary>
public sealed record GetSystemStatus;

public static partial class HealthOperations
{
    /// <inheritdoc cref="GetSystemStatus"/>
    public static ControllerOperation<GetSystemStatus, SystemStatus> Status { get; } = new("health.status.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/health/status"),
        Permission = Permissions.HealthRead,
        Request = HealthJson.Requests.GetSystemStatus,
        Result = HealthJson.Results.SystemStatus,
        Example = static () => (new(), new()
        {
            Status = "ok",
            Version = "0.1.0",
            Uptime = "2h30m0s",
            Components = new Dictionary<string, ComponentStatus> { ["transport"] = new("ok") },
            PassedOver = 0,
            Agents = new() { Total = 2, Ready = 1, NotReady = 1, Draining = 0, Cordoned = 1 },
            Jobs = new() { Total = 100, Unprocessed = 5, Processing = 2, Completed = 90, Failed = 3 },
        }),
    };
}

public sealed partial class HealthClient
{
    /// <inheritdoc cref="GetSystemStatus"/>
    public Task<SystemStatus> StatusAsync(CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(HealthOperations.Status, new(), options, cancellationToken);
}
