using System.Text.Json.Serialization;
using Osapi.Operations.Agents;

namespace Osapi.Transport.Jobs;

/// <summary>
/// An operator's word about a host: an entry of the roster. Controllers write it by compare-and-set, each time with a higher
/// version, and never remove it, so that of two entries everybody knows which one counts, also after the store was lost.
/// </summary>
public sealed record RosterEntry
{
    /// <summary>The host's name.</summary>
    public required string Name { get; init; }

    /// <summary>That the host is given no work; null when it is.</summary>
    public AgentDrain? Drain { get; init; }

    /// <summary>Grows by one with each change, from 1.</summary>
    public required long Version { get; init; }
}

/// <summary>The JSON of the roster.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RosterEntry)), JsonSerializable(typeof(RosterIndex))]
internal sealed partial class RosterJson : JsonSerializerContext;
