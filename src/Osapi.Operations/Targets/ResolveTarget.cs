namespace Osapi.Operations.Targets;

/// <summary>Returns the hosts that a call of an operation to a target would reach. The caller needs the permission of that operation.</summary>
public sealed record ResolveTarget
{
    /// <summary>The target: <c>_any</c>, <c>_all</c>, a host name, or a label <c>key:value</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The id of the operation, such as <c>file.deploy.execute</c>.</summary>
    public required string Operation { get; init; }
}

public static partial class TargetOperations
{
    /// <inheritdoc cref="ResolveTarget"/>
    public static ControllerOperation<ResolveTarget, ResolvedTarget> Resolve { get; } = new("target.resolve.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/target"),
        Permission = null,
        Request = TargetsJson.Requests.ResolveTarget,
        Result = TargetsJson.Results.ResolvedTarget,
        Example = static () => (
            new() { Target = "group:web", Operation = "node.hostname.get" },
            new() { Hosts = [new("web-01"), new("web-02", Drained: true)] }),
    };
}

public sealed partial class TargetClient
{
    /// <inheritdoc cref="ResolveTarget"/>
    public Task<ResolvedTarget> ResolveAsync(Target target, Operation operation, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(operation);
        return invoker.InvokeAsync(TargetOperations.Resolve, new() { Target = target.Text, Operation = operation.Id }, options, cancellationToken);
    }
}
