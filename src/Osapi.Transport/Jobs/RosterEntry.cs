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

    /// <summary>The version: it starts at 1 and grows by one with each change.</summary>
    public required long Version { get; init; }
}

/// <summary>The JSON of the roster.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RosterEntry)), JsonSerializable(typeof(RosterIndex))]
internal sealed partial class RosterJson : JsonSerializerContext;
