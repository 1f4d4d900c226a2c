namespace Osapi.Operations.Node;

/// <summary>Returns the load averages of the last 1, 5 and 15 minutes.</summary>
public sealed record GetLoad;

public static partial class NodeOperations
{
    /// <inheritdoc cref="GetLoad"/>
    public static Operation<GetLoad, LoadResult> Load { get; } = new("node.load.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/load"),
        Permission = Permissions.NodeRead,
        Quick = true,
        Request = NodeJson.Requests.GetLoad,
        Result = NodeJson.Results.LoadResult,
        Example = static () => (new(), new(new() { OneMinute = 0.32, FiveMinutes = 0.28, FifteenMinutes = 0.25 })),
    };
}

public sealed partial class NodeClient
{
    /// <inheritdoc cref="GetLoad"/>
    public Task<JobReply<LoadResult>> LoadAsync(Target target, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(NodeOperations.Load, new(), target, options, cancellationToken);
}
