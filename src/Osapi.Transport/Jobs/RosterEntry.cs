using System.Text.Json.Serialization;
using Osapi.Operations.Agents;

namespace Osapi.Transport.Jobs;

/// <summary>An operator's decision about a host: an entry of the roster.</summary>
/// <remarks>
/// Controllers write it by compare-and-set, each time with a higher version, and never remove it. So the newer of two
/// entries is always known, even after the store was lost.
/// </remarks>
public sealed record RosterEntry
{
    /// <summary>The host's name.</summary>
    public required string Name { get; init; }

    /// <summary>The drain; null when the host is given work.</summary>
    public AgentDrain? Drain { get; init; }

    /// <summary>The public key of the host's agent, as text; null when the host was never enrolled.</summary>
    public string? Key { get; init; }

    /// <summary>The labels that the host was granted, instead of those in its own record; null when it was never enrolled.</summary>
    public IReadOnlyDictionary<string, string>? GrantedLabels { get; init; }

    /// <summary>The time of the enrolment, by the clock of the controller that made it.</summary>
    public DateTimeOffset? EnrolledAt { get; init; }

    /// <summary>The subject of the token of the operator who accepted the host, or <c>join token</c> and its id.</summary>
    public string? EnrolledBy { get; init; }

    /// <summary>The fingerprint of the key that <see cref="Key"/> replaced; null when it replaced none.</summary>
    public string? Replaces { get; init; }

    /// <summary>The time at which <see cref="Key"/> was revoked; null while it is valid.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The fingerprints of the keys that an operator rejected for this name, the newest last; null for none.</summary>
    public IReadOnlyList<string>? Rejected { get; init; }

    /// <summary>The public keys of the controllers, as text, that the agent shall believe, the present one first; null in an entry of a version that could not change them.</summary>
    public IReadOnlyList<string>? Controllers { get; init; }

    /// <summary>True while the host has a valid key.</summary>
    [JsonIgnore]
    public bool IsEnrolled => Key is not null && RevokedAt is null;

    /// <summary>The version: it starts at 1 and grows by one with each change.</summary>
    public required long Version { get; init; }
}

/// <summary>The JSON of the roster.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RosterEntry)), JsonSerializable(typeof(RosterIndex))]
internal sealed partial class RosterJson : JsonSerializerContext;
