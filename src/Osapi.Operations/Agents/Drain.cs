using Osapi.Operations.Json;

namespace Osapi.Operations.Agents;

/// <summary>Gives an agent no more work; what it has is finished. It stays so, whatever restarts, until it is undrained.</summary>
public sealed record DrainAgent
{
    /// <summary>The agent's name.</summary>
    public required AgentName Name { get; init; }

    /// <summary>Why, for whoever finds the host skipped; nothing when not given.</summary>
    [Length(1, 200), NoNul] public string? Reason { get; init; }
}

public static partial class AgentOperations
{
    /// <inheritdoc cref="DrainAgent"/>
    public static ControllerOperation<DrainAgent, AgentChange> Drain { get; } = new("agent.drain", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/agent/{name}/drain"),
        SuccessStatus = 200,
        Permission = Permissions.AgentWrite,
        Request = AgentsJson.Requests.DrainAgent,
        Result = AgentsJson.Results.AgentChange,
        Changed = static result => result.Changed,
        Example = static () => (
            new() { Name = "web-01", Reason = "kernel update" },
            new("drain initiated for agent web-01", "web-01", AgentState.Draining, Changed: true)),
    };
}

public sealed partial class AgentClient
{
    /// <inheritdoc cref="DrainAgent"/>
    public Task<AgentChange> DrainAsync(AgentName name, string? reason = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(AgentOperations.Drain, new() { Name = name, Reason = reason }, options, cancellationToken);
}
