using Osapi.Operations.Facts;
using Osapi.Operations.Node;

namespace Osapi.Operations.Agents;

/// <summary>The registered agents.</summary>
/// <param name="Agents">All of them by name, each without its timeline.</param>
/// <param name="Total">How many they are.</param>
public sealed record AgentList(IReadOnlyList<AgentDetail> Agents, int Total);

/// <summary>An agent and its host. What the agent could not find out is null.</summary>
public sealed record AgentDetail
{
    /// <summary>The agent's name.</summary>
    public required string Hostname { get; init; }

    /// <summary><c>Ready</c> or <c>NotReady</c>: whether it is heard of.</summary>
    public required string Status { get; init; }

    /// <summary><c>Ready</c>, <c>Draining</c> or <c>Cordoned</c>: whether it is given work.</summary>
    public string State { get => field ?? AgentState.Ready; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The version of the software.</summary>
    public string? Version { get; init; }

    /// <summary>The random id of its ledger: which agent this is, whatever it is called.</summary>
    public string? Ledger { get; init; }

    /// <summary>When this agent took its name, by the store's clock.</summary>
    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>When its present run began, by the store's clock.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When the controller that answers last heard of it; null when it has not, since it started.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>When it was stopped; null while it runs, or when it ended without a word.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Why it is given no work; null when it is.</summary>
    public AgentDrain? Drain { get; init; }

    /// <summary>What may be wrong with the host.</summary>
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

    /// <summary>The host's <c>/etc/machine-id</c>. Two agents with the same one are likely to be copies of one machine.</summary>
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

    /// <summary>What happened to it, in order; null in a list.</summary>
    public IReadOnlyList<AgentEvent>? Timeline { get; init; }
}

/// <summary>Something that may be wrong with a host.</summary>
/// <param name="Type"><c>MemoryPressure</c>, <c>HighLoad</c>, <c>DiskPressure</c> or <c>Cloned</c>.</param>
/// <param name="Status">True while it is wrong.</param>
/// <param name="LastTransitionTime">When <paramref name="Status"/> last changed, by the store's clock.</param>
/// <param name="Reason">The figures; null while it is not.</param>
public sealed record AgentCondition(string Type, bool Status, DateTimeOffset LastTransitionTime, string? Reason = null);

/// <summary>An operator's word that an agent is given no work.</summary>
/// <param name="At">When, by the store's clock.</param>
/// <param name="By">Who: the token's subject.</param>
/// <param name="Reason">Why; null when nothing was said.</param>
public sealed record AgentDrain(DateTimeOffset At, string? By = null, string? Reason = null);

/// <summary>Something that happened to an agent.</summary>
/// <param name="Timestamp">When, by the store's clock.</param>
/// <param name="Event"><c>registered</c>, <c>started</c>, <c>taken_over</c>, <c>stopped</c>, <c>silent</c>, <c>heard</c>, <c>drain</c>, <c>cordoned</c> or <c>undrain</c>.</param>
/// <param name="Hostname">The agent's name.</param>
/// <param name="Message">The same in words.</param>
/// <param name="By">Who asked for it; null when nobody did.</param>
public sealed record AgentEvent(DateTimeOffset Timestamp, string Event, string Hostname, string Message, string? By = null);

/// <summary>What happened to an agent.</summary>
/// <param name="Hostname">The agent's name.</param>
/// <param name="Timeline">The newest 32 events, in order.</param>
public sealed record AgentTimeline(string Hostname, IReadOnlyList<AgentEvent> Timeline);

/// <summary>What became of a wish about an agent.</summary>
/// <param name="Message">The same in words.</param>
/// <param name="Hostname">The agent's name.</param>
/// <param name="State">Whether it is given work now; null when it was removed.</param>
/// <param name="Changed">False when it was so already.</param>
public sealed record AgentChange(string Message, string Hostname, string? State = null, bool Changed = false);
