namespace Osapi.Operations.Agents;

/// <summary>Returns the events of an agent: registrations, starts, stops, and drains with their subject and reason.</summary>
public sealed record GetAgentTimeline
{
    /// <summary>The agent's name.</summary>
    public required AgentName Name { get; init; }
}

public static partial class AgentOperations
{
    /// <inheritdoc cref="GetAgentTimeline"/>
    public static ControllerOperation<GetAgentTimeline, AgentTimeline> GetTimeline { get; } = new("agent.timeline.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/agent/{name}/timeline"),
        Permission = Permissions.AgentRead,
        Request = AgentsJson.Requests.GetAgentTimeline,
        Result = AgentsJson.Results.AgentTimeline,
        Example = static () => (new() { Name = "web-01" }, new("web-01", AgentExamples.Timeline)),
    };
}

public sealed partial class AgentClient
{
    /// <inheritdoc cref="GetAgentTimeline"/>
    public Task<AgentTimeline> GetTimelineAsync(AgentName name, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(AgentOperations.GetTimeline, new() { Name = name }, options, cancellationToken);
}
