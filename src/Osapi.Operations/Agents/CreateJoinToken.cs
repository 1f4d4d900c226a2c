using Osapi.Operations.Json;

namespace Osapi.Operations.Agents;

/// <summary>Creates a token with which agents enroll without an operator's decision. It changes nothing: controllers keep none.</summary>
public sealed record CreateJoinToken
{
    /// <summary>The names that it admits: a host name, or a pattern such as <c>web-*</c>.</summary>
    public required HostPattern Name { get; init; }

    /// <summary>
    /// The labels that every admitted host gets. A host may ask for these only, or for values below them (<c>web.dev</c> is below <c>web</c>).
    /// Without any, a host gets the labels that it asks for.
    /// </summary>
    [Length(0, 32), NoNul] public IReadOnlyDictionary<string, string> Label { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The time for which it is valid: a whole number of <c>m</c>, <c>h</c> or <c>d</c>; default: <c>1h</c>.</summary>
    public JoinLifetime? Expires { get; init; }
}

public static partial class AgentOperations
{
    /// <inheritdoc cref="CreateJoinToken"/>
    public static ControllerOperation<CreateJoinToken, JoinCredential> CreateJoinToken { get; } = new("agent.join_token.create", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Post("/agent/join-token"),
        Permission = Permissions.AgentWrite,
        Request = AgentsJson.Requests.CreateJoinToken,
        Result = AgentsJson.Results.JoinCredential,
        Example = static () => (
            new() { Name = "web-*", Label = new Dictionary<string, string> { ["group"] = "web" }, Expires = "1h" },
            AgentExamples.Credential),
    };
}

public sealed partial class AgentClient
{
    /// <inheritdoc cref="CreateJoinToken"/>
    public Task<JoinCredential> CreateJoinTokenAsync(CreateJoinToken request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(AgentOperations.CreateJoinToken, request, options, cancellationToken);
}
