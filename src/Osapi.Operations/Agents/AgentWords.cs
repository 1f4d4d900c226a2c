namespace Osapi.Operations.Agents;

/// <summary>Whether an agent is heard of.</summary>
public static class AgentStatus
{
    /// <summary>It was heard of within three heartbeats.</summary>
    public const string Ready = "Ready";

    /// <summary>It was stopped, or has been silent for three heartbeats.</summary>
    public const string NotReady = "NotReady";
}

/// <summary>Whether an agent is given work.</summary>
public static class AgentState
{
    /// <summary>It is.</summary>
    public const string Ready = "Ready";

    /// <summary>It was drained: it is given nothing new, and what it has is still running.</summary>
    public const string Draining = "Draining";

    /// <summary>It was drained, and nothing runs there any more.</summary>
    public const string Cordoned = "Cordoned";
}

/// <summary>What may be wrong with a host. A condition is information: it keeps no work away.</summary>
public static class AgentConditionType
{
    /// <summary>More of the memory is in use than the agent's threshold: what could not be given to a new program.</summary>
    public const string MemoryPressure = "MemoryPressure";

    /// <summary>The load of the last minute is above the agent's threshold for each processor.</summary>
    public const string HighLoad = "HighLoad";

    /// <summary>A local file system is fuller than the agent's threshold.</summary>
    public const string DiskPressure = "DiskPressure";

    /// <summary>An agent with a copy of this agent's ledger asked for its name within the last 24 hours, and was refused.</summary>
    public const string Cloned = "Cloned";
}
