namespace Osapi.Operations.Node;

/// <summary>Returns total, used and free space of each local file system, in bytes.</summary>
public sealed record GetDisk;

public static partial class NodeOperations
{
    /// <inheritdoc cref="GetDisk"/>
    public static Operation<GetDisk, DiskResult> Disk { get; } = new("node.disk.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/disk"),
        Permission = Permissions.NodeRead,
        Quick = true,
        Request = NodeJson.Requests.GetDisk,
        Result = NodeJson.Results.DiskResult,
        Example = static () => (new(), new([new("/", 500_000_000_000, 250_000_000_000, 224_000_000_000)])),
    };
}

public sealed partial class NodeClient
{
    /// <inheritdoc cref="GetDisk"/>
    public Task<JobReply<DiskResult>> DiskAsync(Target target, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(NodeOperations.Disk, new(), target, options, cancellationToken);
}
