using Osapi.Operations.Json;

namespace Osapi.Operations.Agents;

/// <summary>Drains an agent: it receives no new jobs, and its running jobs finish. The drain lasts, also across restarts, until undrain.</summary>
public sealed record DrainAgent
{
    /// <summary>The agent's name.</summary>
    public required AgentName Name { get; init; }

    /// <summary>The reason, shown where the host is skipped; 1 to 200 characters, optional.</summary>
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
