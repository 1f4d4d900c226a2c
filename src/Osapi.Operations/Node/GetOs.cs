namespace Osapi.Operations.Node;

/// <summary>Returns the distribution and its version.</summary>
public sealed record GetOs;

public static partial class NodeOperations
{
    /// <inheritdoc cref="GetOs"/>
    public static Operation<GetOs, OsInfoResult> Os { get; } = new("node.os.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/os"),
        Permission = Permissions.NodeRead,
        Quick = true,
        Request = NodeJson.Requests.GetOs,
        Result = NodeJson.Results.OsInfoResult,
        Example = static () => (new(), new(new("debian", "12"))),
    };
}

public sealed partial class NodeClient
{
    /// <inheritdoc cref="GetOs"/>
    public Task<JobReply<OsInfoResult>> OsAsync(Target target, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(NodeOperations.Os, new(), target, options, cancellationToken);
}
