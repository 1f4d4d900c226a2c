namespace Osapi.Operations.Agents;

/// <summary>Lists the agents with the state of their hosts.</summary>
public sealed record ListAgents;

public static partial class AgentOperations
{
    /// <inheritdoc cref="ListAgents"/>
    public static ControllerOperation<ListAgents, AgentList> List { get; } = new("agent.list", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/agent"),
        Permission = Permissions.AgentRead,
        Request = AgentsJson.Requests.ListAgents,
        Result = AgentsJson.Results.AgentList,
        Example = static () => (new(), new([AgentExamples.Listed], 1)),
    };
}

public sealed partial class AgentClient
{
    /// <inheritdoc cref="ListAgents"/>
    public Task<AgentList> ListAsync(CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(AgentOperations.List, new(), options, cancellationToken);
}
