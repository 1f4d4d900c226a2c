namespace Osapi.Operations.Agents;

/// <summary>The agents that wait for the operator's decision.</summary>
/// <param name="Agents">The requests, ordered by name, then by time.</param>
/// <param name="Total">The number of requests.</param>
public sealed record EnrolmentList(IReadOnlyList<PendingAgent> Agents, int Total);

/// <summary>An agent that asks to be enrolled.</summary>
public sealed record PendingAgent
{
    /// <summary>The name that it asks for.</summary>
    public required string Hostname { get; init; }

    /// <summary>The fingerprint of its key. Compare it with the one that <c>osapi agent fingerprint</c> prints on the host.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The time of its first request, by the clock of the responding controller.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>The reason why it was not accepted at once.</summary>
    public required string Reason { get; init; }

    /// <summary>The fingerprint of the key that the name has now, and that is revoked if this one is accepted; null when the name is free.</summary>
    public string? Replaces { get; init; }

    /// <summary>The labels that it asks for.</summary>
    public IReadOnlyDictionary<string, string> Labels { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The host's <c>/etc/machine-id</c>, as the agent states it.</summary>
    public string? MachineId { get; init; }

    /// <summary>The version of the agent's software, as the agent states it.</summary>
    public string? Version { get; init; }
}

/// <summary>The result of a decision about an agent that asks to be enrolled.</summary>
/// <param name="Message">A description of the result for people.</param>
/// <param name="Hostname">The agent's name.</param>
/// <param name="Fingerprint">The fingerprint of the agent's key.</param>
/// <param name="Changed">False when the decision was made before.</param>
public sealed record EnrolmentChange(string Message, string Hostname, string Fingerprint, bool Changed = false);

/// <summary>A join token. It is shown once: controllers do not keep it.</summary>
public sealed record JoinCredential
{
    /// <summary>The token. It is a secret until it expires.</summary>
    public required string Token { get; init; }

    /// <summary>The id of the token in log lines and in the roster.</summary>
    public required string Id { get; init; }

    /// <summary>The names that it admits.</summary>
    public required string Name { get; init; }

    /// <summary>The labels that it grants.</summary>
    public IReadOnlyDictionary<string, string> Labels { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The time after which it admits nobody.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The fingerprint of the controllers' key, which agents with the token trust.</summary>
    public required string ControllersFingerprint { get; init; }
}

/// <summary>The keys of an agent and of the controllers.</summary>
public sealed record AgentKeyDetail
{
    /// <summary>The agent's name.</summary>
    public required string Hostname { get; init; }

    /// <summary>True when messages of the agent are believed only with its key.</summary>
    public required bool Enrolled { get; init; }

    /// <summary>The fingerprint of the agent's key; null when it has none.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>True when the key was revoked, because the agent was removed.</summary>
    public bool Revoked { get; init; }

    /// <summary>The fingerprint of the key that this one replaced; null when it replaced none.</summary>
    public string? Replaces { get; init; }

    /// <summary>The labels that the agent was granted.</summary>
    public IReadOnlyDictionary<string, string> Labels { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The fingerprint of the controllers' key, which agents pin.</summary>
    public required string ControllersFingerprint { get; init; }
}
