namespace Osapi.Operations.Agents;

/// <summary>Returns the fingerprints of an agent's key and of the controllers' key.</summary>
public sealed record GetAgentKey
{
    /// <summary>The agent's name.</summary>
    public required AgentName Name { get; init; }
}

public static partial class AgentOperations
{
    /// <inheritdoc cref="GetAgentKey"/>
    public static ControllerOperation<GetAgentKey, AgentKeyDetail> GetKey { get; } = new("agent.key.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/agent/{name}/key"),
        Permission = Permissions.AgentRead,
        Request = AgentsJson.Requests.GetAgentKey,
        Result = AgentsJson.Results.AgentKeyDetail,
        Example = static () => (new() { Name = "web-01" }, AgentExamples.Key),
    };
}

public sealed partial class AgentClient
{
    /// <inheritdoc cref="GetAgentKey"/>
    public Task<AgentKeyDetail> GetKeyAsync(AgentName name, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(AgentOperations.GetKey, new() { Name = name }, options, cancellationToken);
}
