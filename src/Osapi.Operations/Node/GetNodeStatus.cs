namespace Osapi.Operations.Node;

/// <summary>Returns a host's name, operating system, uptime, load, memory and disks in one call. A part that cannot be read is left out.</summary>
public sealed record GetNodeStatus;

public static partial class NodeOperations
{
    /// <inheritdoc cref="GetNodeStatus"/>
    public static Operation<GetNodeStatus, NodeStatus> Status { get; } = new("node.status.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}"),
        Permission = Permissions.NodeRead,
        Quick = true,
        Request = NodeJson.Requests.GetNodeStatus,
        Result = NodeJson.Results.NodeStatus,
        Example = static () => (new(), new()
        {
            OsHostname = "web-01.example.com",
            Uptime = "4 days, 6 hours, 14 minutes",
            OsInfo = new("debian", "12"),
            LoadAverage = new() { OneMinute = 0.32, FiveMinutes = 0.28, FifteenMinutes = 0.25 },
            Memory = new(8_388_608_000, 2_097_152_000, 6_291_456_000, 2_097_152_000),
            Disks = [new("/", 500_000_000_000, 250_000_000_000, 224_000_000_000)],
        }),
    };
}

public sealed partial class NodeClient
{
    /// <inheritdoc cref="GetNodeStatus"/>
    public Task<JobReply<NodeStatus>> StatusAsync(Target target, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(NodeOperations.Status, new(), target, options, cancellationToken);
}
