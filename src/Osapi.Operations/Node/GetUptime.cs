namespace Osapi.Operations.Node;

/// <summary>Returns the uptime of the host.</summary>
public sealed record GetUptime;

public static partial class NodeOperations
{
    /// <inheritdoc cref="GetUptime"/>
    public static Operation<GetUptime, UptimeResult> Uptime { get; } = new("node.uptime.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/uptime"),
        Permission = Permissions.NodeRead,
        Quick = true,
        Request = NodeJson.Requests.GetUptime,
        Result = NodeJson.Results.UptimeResult,
        Example = static () => (new(), new("102h14m5s", 368_045)),
    };
}

public sealed partial class NodeClient
{
    /// <inheritdoc cref="GetUptime"/>
    public Task<JobReply<UptimeResult>> UptimeAsync(Target target, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(NodeOperations.Uptime, new(), target, options, cancellationToken);
}
