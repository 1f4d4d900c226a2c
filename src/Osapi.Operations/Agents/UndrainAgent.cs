namespace Osapi.Operations.Agents;

/// <summary>Undrains an agent: it receives jobs again.</summary>
public sealed record UndrainAgent
{
    /// <summary>The agent's name.</summary>
    public required AgentName Name { get; init; }
}

public static partial class AgentOperations
{
    /// <inheritdoc cref="UndrainAgent"/>
    public static ControllerOperation<UndrainAgent, AgentChange> Undrain { get; } = new("agent.undrain", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/agent/{name}/undrain"),
        SuccessStatus = 200,
        Permission = Permissions.AgentWrite,
        Request = AgentsJson.Requests.UndrainAgent,
        Result = AgentsJson.Results.AgentChange,
        Changed = static result => result.Changed,
        Example = static () => (
            new() { Name = "web-01" },
            new("undrain initiated for agent web-01", "web-01", AgentState.Ready, Changed: true)),
    };
}

public sealed partial class AgentClient
{
    /// <inheritdoc cref="UndrainAgent"/>
    public Task<AgentChange> UndrainAsync(AgentName name, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(AgentOperations.Undrain, new() { Name = name }, options, cancellationToken);
}
