using Osapi.Operations.Json;

namespace Osapi.Operations.Agents;

/// <summary>Rejects an agent that waits: it stops to ask, and is not listed again with this key. It can still be accepted later.</summary>
public sealed record RejectEnrolment
{
    /// <summary>The agent's name.</summary>
    public required AgentName Name { get; init; }

    /// <summary>The fingerprint of the agent's key, as the list of waiting agents shows it.</summary>
    [Positional] public required KeyFingerprint Fingerprint { get; init; }
}

public static partial class AgentOperations
{
    /// <inheritdoc cref="RejectEnrolment"/>
    public static ControllerOperation<RejectEnrolment, EnrolmentChange> RejectEnrolment { get; } = new("agent.enroll.reject", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/agent/{name}/reject"),
        SuccessStatus = 200,
        Permission = Permissions.AgentWrite,
        Request = AgentsJson.Requests.RejectEnrolment,
        Result = AgentsJson.Results.EnrolmentChange,
        Changed = static result => result.Changed,
        Example = static () => (
            new() { Name = "web-01", Fingerprint = AgentExamples.Fingerprint },
            new("agent web-01 is rejected", "web-01", AgentExamples.Fingerprint, Changed: true)),
    };
}

public sealed partial class AgentClient
{
    /// <inheritdoc cref="RejectEnrolment"/>
    public Task<EnrolmentChange> RejectEnrolmentAsync(AgentName name, KeyFingerprint fingerprint, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(AgentOperations.RejectEnrolment, new() { Name = name, Fingerprint = fingerprint }, options, cancellationToken);
}
