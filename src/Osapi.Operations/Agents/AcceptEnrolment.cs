using Osapi.Operations.Json;

namespace Osapi.Operations.Agents;

/// <summary>Enrolls an agent that waits, with the labels that it asks for. If its name has another key, that key is revoked at once.</summary>
public sealed record AcceptEnrolment
{
    /// <summary>The agent's name.</summary>
    public required AgentName Name { get; init; }

    /// <summary>The fingerprint of the agent's key, as <c>osapi agent fingerprint</c> prints it on the host.</summary>
    [Positional] public required KeyFingerprint Fingerprint { get; init; }
}

public static partial class AgentOperations
{
    /// <inheritdoc cref="AcceptEnrolment"/>
    public static ControllerOperation<AcceptEnrolment, EnrolmentChange> AcceptEnrolment { get; } = new("agent.enroll.accept", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/agent/{name}/accept"),
        SuccessStatus = 200,
        Permission = Permissions.AgentWrite,
        Request = AgentsJson.Requests.AcceptEnrolment,
        Result = AgentsJson.Results.EnrolmentChange,
        Changed = static result => result.Changed,
        Example = static () => (
            new() { Name = "web-01", Fingerprint = AgentExamples.Fingerprint },
            new("agent web-01 is enrolled", "web-01", AgentExamples.Fingerprint, Changed: true)),
    };
}

public sealed partial class AgentClient
{
    /// <inheritdoc cref="AcceptEnrolment"/>
    public Task<EnrolmentChange> AcceptEnrolmentAsync(AgentName name, KeyFingerprint fingerprint, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(AgentOperations.AcceptEnrolment, new() { Name = name, Fingerprint = fingerprint }, options, cancellationToken);
}
