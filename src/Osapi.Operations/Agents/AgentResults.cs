using Osapi.Operations.Facts;
using Osapi.Operations.Node;

namespace Osapi.Operations.Agents;

/// <summary>The registered agents.</summary>
/// <param name="Agents">The agents ordered by name, each without its timeline.</param>
/// <param name="Total">The number of agents.</param>
public sealed record AgentList(IReadOnlyList<AgentDetail> Agents, int Total);

/// <summary>An agent and its host. A value that the agent could not read is null.</summary>
public sealed record AgentDetail
{
    /// <summary>The agent's name.</summary>
    public required string Hostname { get; init; }

    /// <summary><c>Ready</c> while heartbeats of the agent arrive, otherwise <c>NotReady</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The scheduling state: <c>Ready</c> (receives jobs), <c>Draining</c> (drained, jobs still run), <c>Cordoned</c> (drained, no job runs) or <c>Pending</c> (not enrolled, and receives none).</summary>
    public string State { get => field ?? AgentState.Ready; init; }

    /// <summary>The labels of the agent.</summary>
    public IReadOnlyDictionary<string, string> Labels { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The version of the agent's software.</summary>
    public string? Version { get; init; }

    /// <summary>The fingerprint of the agent's key; null when the agent is not enrolled: then its messages are not authenticated.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The random id of the agent's ledger. It identifies the agent even when the agent's name changes.</summary>
    public string? Ledger { get; init; }

    /// <summary>The time at which the agent registered its name, by the store's clock.</summary>
    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>The time at which the agent was last started, by the store's clock.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The time of the last heartbeat that the responding controller received; null when it has received none since it started.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>The time at which the agent was stopped; null while it runs, or when it ended without reporting a stop.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>The drain of the agent: time, subject and reason; null when the agent is not drained.</summary>
    public AgentDrain? Drain { get; init; }

    /// <summary>The conditions of the host, such as memory pressure.</summary>
    public IReadOnlyList<AgentCondition> Conditions { get => field ?? []; init; }

    /// <summary>Time since the host booted, in words: <c>6 days, 3 hours, 54 minutes</c>.</summary>
    public string? Uptime { get; init; }

    /// <summary>The load averages.</summary>
    public LoadAverage? LoadAverage { get; init; }

    /// <summary>The memory, in bytes.</summary>
    public Memory? Memory { get; init; }

    /// <inheritdoc cref="HostFacts.OsInfo"/>
    public OsInfo? OsInfo { get; init; }

    /// <inheritdoc cref="HostFacts.Architecture"/>
    public string? Architecture { get; init; }

    /// <inheritdoc cref="HostFacts.KernelVersion"/>
    public string? KernelVersion { get; init; }

    /// <inheritdoc cref="HostFacts.CpuCount"/>
    public int? CpuCount { get; init; }

    /// <inheritdoc cref="HostFacts.Fqdn"/>
    public string? Fqdn { get; init; }

    /// <summary>The host's <c>/etc/machine-id</c>. Two agents with the same value probably run on copies of one machine.</summary>
    public string? MachineId { get; init; }

    /// <inheritdoc cref="HostFacts.ServiceMgr"/>
    public string? ServiceMgr { get; init; }

    /// <inheritdoc cref="HostFacts.PackageMgr"/>
    public string? PackageMgr { get; init; }

    /// <inheritdoc cref="HostFacts.Container"/>
    public string? Container { get; init; }

    /// <inheritdoc cref="HostFacts.PrimaryInterface"/>
    public string? PrimaryInterface { get; init; }

    /// <inheritdoc cref="HostFacts.Interfaces"/>
    public IReadOnlyList<FactInterface> Interfaces { get => field ?? []; init; }

    /// <inheritdoc cref="HostFacts.Routes"/>
    public IReadOnlyList<FactRoute> Routes { get => field ?? []; init; }

    /// <inheritdoc cref="HostFacts.Facts"/>
    public IReadOnlyDictionary<string, string> Facts { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The events of the agent, oldest first; null in a list.</summary>
    public IReadOnlyList<AgentEvent>? Timeline { get; init; }
}

/// <summary>A condition of a host that an operator should look at.</summary>
/// <param name="Type">The condition: <c>MemoryPressure</c>, <c>HighLoad</c>, <c>DiskPressure</c>, <c>Cloned</c>, <c>Unsigned</c> or <c>KeyChange</c>.</param>
/// <param name="Status">True while the condition holds.</param>
/// <param name="LastTransitionTime">The time at which <paramref name="Status"/> last changed, by the store's clock.</param>
/// <param name="Reason">The measured values; null while the condition does not hold.</param>
public sealed record AgentCondition(string Type, bool Status, DateTimeOffset LastTransitionTime, string? Reason = null);

/// <summary>A request of an operator that an agent receives no more jobs.</summary>
/// <param name="At">The time, by the store's clock.</param>
/// <param name="By">The subject of the token that requested the drain.</param>
/// <param name="Reason">The reason; null when none was given.</param>
public sealed record AgentDrain(DateTimeOffset At, string? By = null, string? Reason = null);

/// <summary>An event in the life of an agent.</summary>
/// <param name="Timestamp">The time, by the store's clock.</param>
/// <param name="Event">
/// The event: <c>registered</c>, <c>started</c>, <c>taken_over</c>, <c>stopped</c>, <c>silent</c>, <c>heard</c>, <c>drain</c>,
/// <c>cordoned</c> or <c>undrain</c>.
/// </param>
/// <param name="Hostname">The agent's name.</param>
/// <param name="Message">A description of the event for people.</param>
/// <param name="By">The subject of the token that requested the event; null when the event was not requested.</param>
public sealed record AgentEvent(DateTimeOffset Timestamp, string Event, string Hostname, string Message, string? By = null);

/// <summary>The events of an agent.</summary>
/// <param name="Hostname">The agent's name.</param>
/// <param name="Timeline">The newest 32 events, oldest first.</param>
public sealed record AgentTimeline(string Hostname, IReadOnlyList<AgentEvent> Timeline);

/// <summary>The result of an operation that changes an agent.</summary>
/// <param name="Message">A description of the result for people.</param>
/// <param name="Hostname">The agent's name.</param>
/// <param name="State">The scheduling state after the operation: <c>Ready</c>, <c>Draining</c>, <c>Cordoned</c> or <c>Pending</c>; null when the agent was removed.</param>
/// <param name="Changed">False when the agent already had this state.</param>
public sealed record AgentChange(string Message, string Hostname, string? State = null, bool Changed = false);
