using Osapi.Operations.Json;

namespace Osapi.Operations.Targets;

/// <summary>Returns the hosts that a call of an operation to a target would reach. The caller needs the permission of that operation.</summary>
public sealed record ResolveTarget
{
    /// <summary>The target: <c>_any</c>, <c>_all</c>, a host name, a label <c>key:value</c>, or host names separated by commas.</summary>
    [NoNul] public required string Target { get; init; }

    /// <summary>The id of the operation, such as <c>file.deploy.execute</c>.</summary>
    [NoNul] public required string Operation { get; init; }
}

public static partial class TargetOperations
{
    /// <inheritdoc cref="ResolveTarget"/>
    public static ControllerOperation<ResolveTarget, ResolvedTarget> Resolve { get; } = new("target.resolve.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/target"),
        Permission = null,
        HasPermissionOfRequest = true,
        Request = TargetsJson.Requests.ResolveTarget,
        Result = TargetsJson.Results.ResolvedTarget,
        Example = static () => (
            new() { Target = "group:web", Operation = "node.hostname.get" },
            new() { Hosts = [new("web-01", HeartbeatAge: 3.2), new("web-02", Drained: true, HeartbeatAge: 7.5)] }),
    };
}

public sealed partial class TargetClient
{
    /// <summary>Returns the hosts that a call of an operation to a target would reach. The caller needs the permission of that operation.</summary>
    /// <param name="target">The target: <c>_any</c>, <c>_all</c>, a host name, a label <c>key:value</c>, or host names separated by commas.</param>
    /// <param name="operation">The id of the operation, such as <c>file.deploy.execute</c>.</param>
    /// <param name="options">The options of the call; the defaults when null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<ResolvedTarget> ResolveAsync(string target, string operation, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(TargetOperations.Resolve, new() { Target = target, Operation = operation }, options, cancellationToken);
}
