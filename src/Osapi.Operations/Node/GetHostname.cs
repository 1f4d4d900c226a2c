namespace Osapi.Operations.Node;

/// <summary>Returns the host's name and the labels of its agent.</summary>
public sealed record GetHostname;

public static partial class NodeOperations
{
    /// <inheritdoc cref="GetHostname"/>
    public static Operation<GetHostname, HostnameResult> Hostname { get; } = new("node.hostname.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/hostname"),
        Permission = Permissions.NodeRead,
        Quick = true,
        Request = NodeJson.Requests.GetHostname,
        Result = NodeJson.Results.HostnameResult,
        Example = static () => (new(), new() { OsHostname = "web-01.example.com", Labels = new Dictionary<string, string> { ["group"] = "web.dev" } }),
    };
}

public sealed partial class NodeClient
{
    /// <inheritdoc cref="GetHostname"/>
    public Task<JobReply<HostnameResult>> HostnameAsync(Target target, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(NodeOperations.Hostname, new(), target, options, cancellationToken);
}
