namespace Osapi.Operations.Node;

/// <summary>Returns the host's memory, in bytes.</summary>
public sealed record GetMemory;

public static partial class NodeOperations
{
    /// <inheritdoc cref="GetMemory"/>
    public static Operation<GetMemory, MemoryResult> Memory { get; } = new("node.memory.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/memory"),
        Permission = Permissions.NodeRead,
        Quick = true,
        Request = NodeJson.Requests.GetMemory,
        Result = NodeJson.Results.MemoryResult,
        Example = static () => (new(), new(new(8_388_608_000, 2_097_152_000, 6_291_456_000, 2_097_152_000))),
    };
}

public sealed partial class NodeClient
{
    /// <inheritdoc cref="GetMemory"/>
    public Task<JobReply<MemoryResult>> MemoryAsync(Target target, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(NodeOperations.Memory, new(), target, options, cancellationToken);
}
