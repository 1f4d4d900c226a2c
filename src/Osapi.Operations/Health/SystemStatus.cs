namespace Osapi.Operations.Health;

/// <summary>The status of the whole system.</summary>
public sealed record SystemStatus
{
    /// <summary>The status: <c>ok</c> or <c>degraded</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The controller's version.</summary>
    public string? Version { get; init; }

    /// <summary>The uptime of the controller, such as <c>2h30m0s</c>.</summary>
    public string? Uptime { get; init; }

    /// <summary>The components that the controller depends on, by name.</summary>
    public IReadOnlyDictionary<string, ComponentStatus> Components { get => field ?? new Dictionary<string, ComponentStatus>(); init; }

    /// <summary>
    /// The number of messages of the log, the agents and the heartbeats that this controller has skipped since it started, because it
    /// could not read or accept them; its log file names some of each sender. Null when the controller does not count them.
    /// </summary>
    public long? PassedOver { get; init; }

    /// <summary>The agents.</summary>
    public AgentCounts? Agents { get; init; }

    /// <summary>The jobs.</summary>
    public JobCounts? Jobs { get; init; }
}

/// <summary>The status of one component.</summary>
/// <param name="Status">The status: <c>ok</c> or <c>error</c>.</param>
/// <param name="Error">The error; null when there is none.</param>
public sealed record ComponentStatus(string Status, string? Error = null);

/// <summary>The number of agents by status and scheduling state.</summary>
public sealed record AgentCounts
{
    /// <summary>All registered agents.</summary>
    public int Total { get; init; }

    /// <summary>Agents whose heartbeats arrive.</summary>
    public int Ready { get; init; }

    /// <summary>Agents whose heartbeats do not arrive.</summary>
    public int NotReady { get; init; }

    /// <summary>Drained agents with jobs that still run, whatever their status.</summary>
    public int Draining { get; init; }

    /// <summary>Drained agents without running jobs, whatever their status.</summary>
    public int Cordoned { get; init; }
}

/// <summary>The number of jobs by status.</summary>
public sealed record JobCounts
{
    /// <summary>All jobs that can be read.</summary>
    public long Total { get; init; }

    /// <summary>Jobs that no host has started.</summary>
    public long Unprocessed { get; init; }

    /// <summary>Jobs that have started and have not ended on every host.</summary>
    public long Processing { get; init; }

    /// <summary>Jobs in which every host succeeded or was skipped.</summary>
    public long Completed { get; init; }

    /// <summary>Jobs in which some host failed, was cancelled, expired or is unknown.</summary>
    public long Failed { get; init; }
}
