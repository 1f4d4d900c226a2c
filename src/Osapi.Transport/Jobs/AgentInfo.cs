namespace Osapi.Transport.Jobs;

/// <summary>What an agent says of itself when it registers.</summary>
public sealed record AgentInfo
{
    /// <summary>Its name: what targets and answers call the host.</summary>
    public required string Hostname { get; init; }

    /// <summary>The random id of its ledger: the agent's identity.</summary>
    public required string Ledger { get; init; }

    /// <summary>The id of this run of the agent.</summary>
    public required string Session { get; init; }

    /// <summary>Its labels; a value is hierarchical, segments separated by dots.</summary>
    public IReadOnlyDictionary<string, string> Labels { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The version of the software.</summary>
    public string? Version { get; init; }

    /// <summary>When this run of the agent began.</summary>
    public DateTimeOffset StartedAt { get; init; }
}
