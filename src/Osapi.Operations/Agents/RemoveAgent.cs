namespace Osapi.Operations.Agents;

/// <summary>Removes an agent that will not come back. Its key is revoked at once. An agent that still sends heartbeats is a conflict: stop it first.</summary>
public sealed record RemoveAgent
{
    /// <summary>The agent's name.</summary>
    public required AgentName Name { get; init; }

    /// <summary>True to remove an enrolled agent that is still running: without its key, nothing that it sends is believed.</summary>
    public bool? Force { get; init; }
}

public static partial class AgentOperations
{
    /// <inheritdoc cref="RemoveAgent"/>
    public static ControllerOperation<RemoveAgent, AgentChange> Remove { get; } = new("agent.remove", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Delete("/agent/{name}"),
        SuccessStatus = 200,
        Permission = Permissions.AgentWrite,
        Request = AgentsJson.Requests.RemoveAgent,
        Result = AgentsJson.Results.AgentChange,
        Example = static () => (new() { Name = "web-01" }, new("agent web-01 removed", "web-01", Changed: true)),
    };
}

public sealed partial class AgentClient
{
    /// <inheritdoc cref="RemoveAgent"/>
    public Task<AgentChange> RemoveAsync(AgentName name, bool? force = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(AgentOperations.Remove, new() { Name = name, Force = force }, options, cancellationToken);
}
