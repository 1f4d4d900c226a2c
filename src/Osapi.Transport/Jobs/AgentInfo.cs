using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Facts;

namespace Osapi.Transport.Jobs;

/// <summary>The record of an agent: the value of its host's key.</summary>
/// <remarks>
/// The agent writes its facts and conditions, and controllers add to the timeline. Each changes only its own part of
/// the value that it has just read (<see cref="HostRecords"/>), so that neither undoes the other. The drain is in the
/// roster, which agents cannot write.
/// </remarks>
public sealed record AgentInfo
{
    /// <summary>The maximum number of events kept.</summary>
    public const int MaxTimeline = 32;

    /// <summary>The name under which targets and replies know the host.</summary>
    public required string Hostname { get; init; }

    /// <summary>The random id of its ledger: the agent's identity.</summary>
    public required string Ledger { get; init; }

    /// <summary>The id of this run of the agent.</summary>
    public required string Session { get; init; }

    /// <summary>The labels; a value is hierarchical, with segments separated by dots.</summary>
    public IReadOnlyDictionary<string, string> Labels { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The version of the software.</summary>
    public string? Version { get; init; }

    /// <summary>The time at which the ledger took the name.</summary>
    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>The time at which this run of the agent started.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The time at which the agent itself last wrote this record, by the store's clock.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>
    /// The time at which this run stopped cleanly, with everything published; null while it runs, and when it crashed.
    /// </summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>The host's <c>/etc/machine-id</c>. It does not prove identity, because images are copied.</summary>
    public string? MachineId { get; init; }

    /// <summary>The facts of the host; null until the agent has collected them.</summary>
    public HostFacts? Facts { get; init; }

    /// <summary>The conditions of the host.</summary>
    public IReadOnlyList<AgentCondition> Conditions { get => field ?? []; init; }

    /// <summary>The drain of the host as set by <see cref="WithRosterEntry"/>; null when the host is given work.</summary>
    /// <remarks>
    /// Versions before 0.2 kept it in the stored record. A value found there is copied into the roster once and ignored
    /// after that.
    /// </remarks>
    public AgentDrain? Drain { get; init; }

    /// <summary>The time at which the agent saw that no job runs any more since the drain.</summary>
    public DateTimeOffset? CordonedAt { get; init; }

    /// <summary>
    /// The version of the roster entry that <see cref="CordonedAt"/> refers to; null in a record of a version before
    /// 0.2.
    /// </summary>
    public long? CordonedVersion { get; init; }

    /// <summary>The fingerprints of the controllers' keys that the agent believes; null for one that is not enrolled, and of a version that could not change them.</summary>
    public IReadOnlyList<string>? ControllerKeys { get; init; }

    /// <summary>The newest events, in order.</summary>
    public IReadOnlyList<AgentEvent> Timeline { get => field ?? []; init; }

    /// <summary>True when the host gets no work because it is not enrolled; set by <see cref="WithRosterEntry"/>.</summary>
    [JsonIgnore]
    public bool IsPending { get; init; }

    /// <summary>True when the host is given work.</summary>
    [JsonIgnore]
    public bool TakesWork => Drain is null && !IsPending;

    /// <summary>The state of the agent, as the interface names it.</summary>
    [JsonIgnore]
    public string State => IsPending ? AgentState.Pending : Drain is null ? AgentState.Ready : CordonedAt is null ? AgentState.Draining : AgentState.Cordoned;

    /// <summary>
    /// Returns the record with the drain and the labels of the roster entry instead of the stored ones; no drain for a
    /// host without an entry.
    /// </summary>
    /// <param name="entry">The entry; null when the host has none.</param>
    /// <param name="requiresKey">True when hosts that are not enrolled get no work.</param>
    public AgentInfo WithRosterEntry(RosterEntry? entry, bool requiresKey = false)
    {
        var isPending = entry?.RevokedAt is not null || (requiresKey && entry?.IsEnrolled != true);
        if (entry is not { Drain: not null } and not { IsEnrolled: true } && !isPending)
            return Drain is null && CordonedAt is null ? this : this with { Drain = null, CordonedAt = null };
        // The cordon time may belong to an earlier drain.
        var isCordoned = entry?.Drain is { } drain && (CordonedVersion is { } version ? version == entry.Version : CordonedAt >= drain.At);
        return this with
        {
            Drain = entry?.Drain,
            CordonedAt = isCordoned ? CordonedAt : null,
            Labels = entry is { IsEnrolled: true, GrantedLabels: { } granted } ? granted : Labels,
            IsPending = isPending,
        };
    }

    /// <summary>Parses a record, which anybody may have written.</summary>
    /// <param name="hostKey">The key of the record.</param>
    /// <param name="bytes">The value.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="reason">The reason why it is invalid.</param>
    public static bool TryParse(string hostKey, ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out AgentInfo? agent, [NotNullWhen(false)] out string? reason)
    {
        agent = MessageJson.Parse(bytes, JobJson.Default.AgentInfo, out reason);
        reason ??= agent?.Validate(hostKey);
        // A caller that ignores the result must not act on an invalid value.
        if (reason is not null)
            agent = null;
        return agent is not null;
    }

    private string? Validate(string hostKey) =>
        !HostKey.IsName(Hostname) ? "its name is not a valid host name"
        : HostKey.Of(Hostname) != hostKey ? "it has the name of another host"
        : !MessageJson.IsId(Ledger) || !MessageJson.IsId(Session) ? "the id of its ledger or session is missing or too long"
        : !Labels.All(label => label.Value is not null && Target.IsLabel(label.Key, label.Value)) ? "it has an invalid label"
        : Conditions.Contains(null!) || Timeline.Contains(null!) ? "its list of conditions or events has a null element"
        : ControllerKeys?.Contains(null!) == true ? "its list of controllers' keys has a null element"
        : Facts is { } facts && HasNullElement(facts) ? "its facts have a null element"
        : null;

    // The parser checks members, but not the elements of lists and maps.
    private static bool HasNullElement(HostFacts facts) =>
        facts.Routes.Contains(null!) || facts.Facts.Values.Contains(null!) || facts.Interfaces.Any(found => found is null || found.Addresses.Contains(null!));

    /// <summary>Returns the record with one more event; the oldest event is dropped when there are too many.</summary>
    public AgentInfo WithEvent(string happened, string message, DateTimeOffset at, string? by = null) =>
        this with { Timeline = [.. Timeline.TakeLast(MaxTimeline - 1), new(at, happened, Hostname, message, by)] };
}
