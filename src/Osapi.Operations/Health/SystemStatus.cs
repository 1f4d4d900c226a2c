namespace Osapi.Operations.Health;

/// <summary>How the whole system is doing.</summary>
public sealed record SystemStatus
{
    /// <summary><c>ok</c> or <c>degraded</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The controller's version.</summary>
    public string? Version { get; init; }

    /// <summary>How long the controller has run, such as <c>2h30m0s</c>.</summary>
    public string? Uptime { get; init; }

    /// <summary>What the controller depends on, by name.</summary>
    public IReadOnlyDictionary<string, ComponentStatus> Components { get => field ?? new Dictionary<string, ComponentStatus>(); init; }

    /// <summary>How many messages of the log, the agents and the heartbeats this controller, since it started, did not understand or accept, and passed over; its log names some of each sender. Null of a controller that does not count them.</summary>
    public long? PassedOver { get; init; }

    /// <summary>The agents.</summary>
    public AgentCounts? Agents { get; init; }

    /// <summary>The jobs.</summary>
    public JobCounts? Jobs { get; init; }
}

/// <summary>How one part is doing.</summary>
/// <param name="Status"><c>ok</c> or <c>error</c>.</param>
/// <param name="Error">What is wrong; null when nothing is.</param>
public sealed record ComponentStatus(string Status, string? Error = null);

/// <summary>How many agents there are.</summary>
public sealed record AgentCounts
{
    /// <summary>All that are registered.</summary>
    public int Total { get; init; }

    /// <summary>Those that are heard of.</summary>
    public int Ready { get; init; }

    /// <summary>Those that are not.</summary>
    public int NotReady { get; init; }

    /// <summary>Those that are drained and still at work, heard of or not.</summary>
    public int Draining { get; init; }

    /// <summary>Those that are drained and at rest, heard of or not.</summary>
    public int Cordoned { get; init; }
}

/// <summary>How many jobs there are.</summary>
public sealed record JobCounts
{
    /// <summary>All that can be read.</summary>
    public long Total { get; init; }

    /// <summary>Those that no host has taken.</summary>
    public long Unprocessed { get; init; }

    /// <summary>Those that some host has not ended.</summary>
    public long Processing { get; init; }

    /// <summary>Those in which every host succeeded or was skipped.</summary>
    public long Completed { get; init; }

    /// <summary>Those in which some host did not.</summary>
    public long Failed { get; init; }
}
