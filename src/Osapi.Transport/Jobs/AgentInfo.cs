using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Facts;

namespace Osapi.Transport.Jobs;

/// <summary>
/// What is known of an agent: the value of its host's key. The agent writes what it is and how its host is doing, and
/// controllers add to the timeline; each changes only its own part of what it has just read
/// (<see cref="HostRecords"/>), so that neither undoes the other. The operator's word is in the roster, which agents cannot write.
/// </summary>
public sealed record AgentInfo
{
    /// <summary>How many events are kept.</summary>
    public const int MaxTimeline = 32;

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

    /// <summary>When the ledger took the name.</summary>
    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>When this run of the agent began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When the agent itself last wrote this, by the store's clock.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When this run was stopped and had told everything; null while it runs, or when it ended without a word.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>The host's <c>/etc/machine-id</c>. A fact like any other: it proves nothing, images are copied.</summary>
    public string? MachineId { get; init; }

    /// <summary>What the host is; null until the agent has found out.</summary>
    public HostFacts? Facts { get; init; }

    /// <summary>What may be wrong with the host.</summary>
    public IReadOnlyList<AgentCondition> Conditions { get => field ?? []; init; }

    /// <summary>
    /// The operator's word that it is given no work, as <see cref="WithWord"/> puts it there; null when it is. Versions before 0.2 kept it in the stored
    /// record: what stands there is taken over into the roster once, and counts for nothing after that.
    /// </summary>
    public AgentDrain? Drain { get; init; }

    /// <summary>When the agent saw that nothing runs any more since it was drained.</summary>
    public DateTimeOffset? CordonedAt { get; init; }

    /// <summary>The version of the operator's word that <see cref="CordonedAt"/> is about; null in a record of a version before 0.2.</summary>
    public long? CordonedVersion { get; init; }

    /// <summary>The newest events, in order.</summary>
    public IReadOnlyList<AgentEvent> Timeline { get => field ?? []; init; }

    /// <summary>Whether it is given work, in the words of the interface.</summary>
    [JsonIgnore]
    public string State => Drain is null ? AgentState.Ready : CordonedAt is null ? AgentState.Draining : AgentState.Cordoned;

    /// <summary>The same with the operator's word of the roster in place of whatever the record says; null for a host that has no entry.</summary>
    public AgentInfo WithWord(RosterEntry? word)
    {
        if (word?.Drain is not { } drain)
            return Drain is null && CordonedAt is null ? this : this with { Drain = null, CordonedAt = null };
        // That nothing runs was said of an earlier drain, perhaps.
        var isCordoned = CordonedVersion is { } version ? version == word.Version : CordonedAt >= drain.At;
        return this with { Drain = drain, CordonedAt = isCordoned ? CordonedAt : null };
    }

    /// <summary>Parses what is known of an agent, which anybody may have written.</summary>
    /// <param name="hostKey">The key under which it stands.</param>
    /// <param name="bytes">The value.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="reason">Why it is none.</param>
    public static bool TryParse(string hostKey, ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out AgentInfo? agent, [NotNullWhen(false)] out string? reason)
    {
        agent = MessageJson.Parse(bytes, JobJson.Default.AgentInfo, out reason);
        reason ??= agent?.Flaw(hostKey);
        // Whoever forgets to look at the answer shall not act on what is wrong.
        if (reason is not null)
            agent = null;
        return agent is not null;
    }

    private string? Flaw(string hostKey) =>
        !HostKey.IsName(Hostname) ? "its name is none that a target can name"
        : HostKey.Of(Hostname) != hostKey ? "it has the name of another host"
        : !MessageJson.IsId(Ledger) || !MessageJson.IsId(Session) ? "its ledger or its session has no id"
        : !Labels.All(label => label.Value is not null && Target.IsLabel(label.Key, label.Value)) ? "it has a label that is none"
        : Conditions.Contains(null!) || Timeline.Contains(null!) ? "its list of conditions or events holds nothing in one place"
        : Facts is { } facts && HasGap(facts) ? "its facts hold nothing in one place"
        : null;

    // The parser checks members, and not what lists and maps hold.
    private static bool HasGap(HostFacts facts) =>
        facts.Routes.Contains(null!) || facts.Facts.Values.Contains(null!) || facts.Interfaces.Any(found => found is null || found.Addresses.Contains(null!));

    /// <summary>The same with one more event; the oldest goes when there are too many.</summary>
    public AgentInfo With(string happened, string message, DateTimeOffset at, string? by = null) =>
        this with { Timeline = [.. Timeline.TakeLast(MaxTimeline - 1), new(at, happened, Hostname, message, by)] };
}
