namespace Osapi.Operations.Agents;

/// <summary>Returns one agent: the state of its host, its facts and its events.</summary>
public sealed record GetAgent
{
    /// <summary>The agent's name.</summary>
    public required AgentName Name { get; init; }
}

public static partial class AgentOperations
{
    /// <inheritdoc cref="GetAgent"/>
    public static ControllerOperation<GetAgent, AgentDetail> Get { get; } = new("agent.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/agent/{name}"),
        Permission = Permissions.AgentRead,
        Request = AgentsJson.Requests.GetAgent,
        Result = AgentsJson.Results.AgentDetail,
        Example = static () => (new() { Name = "web-01" }, AgentExamples.Detail),
    };
}

public sealed partial class AgentClient
{
    /// <inheritdoc cref="GetAgent"/>
    public Task<AgentDetail> GetAsync(AgentName name, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(AgentOperations.Get, new() { Name = name }, options, cancellationToken);
}
