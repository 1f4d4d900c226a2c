namespace Osapi.Operations.Agents;

/// <summary>The statuses of an agent: whether its heartbeats arrive.</summary>
public static class AgentStatus
{
    /// <summary>A heartbeat arrived within the last three heartbeat intervals.</summary>
    public const string Ready = "Ready";

    /// <summary>The agent was stopped, or has sent nothing for three heartbeat intervals.</summary>
    public const string NotReady = "NotReady";
}

/// <summary>The scheduling states of an agent.</summary>
public static class AgentState
{
    /// <summary>The agent receives jobs.</summary>
    public const string Ready = "Ready";

    /// <summary>The agent was drained: it receives no new jobs, and some of its jobs are still running.</summary>
    public const string Draining = "Draining";

    /// <summary>The agent was drained, and none of its jobs is running any more.</summary>
    public const string Cordoned = "Cordoned";

    /// <summary>The agent is not enrolled, and the controllers believe enrolled agents only: it receives no jobs.</summary>
    public const string Pending = "Pending";
}

/// <summary>The conditions of a host. A condition is information only: the host still receives jobs.</summary>
public static class AgentConditionType
{
    /// <summary>Memory usage (total minus available) is above the agent's threshold.</summary>
    public const string MemoryPressure = "MemoryPressure";

    /// <summary>The load average of the last minute, divided by the number of processors, is above the agent's threshold.</summary>
    public const string HighLoad = "HighLoad";

    /// <summary>The usage of a local file system is above the agent's threshold.</summary>
    public const string DiskPressure = "DiskPressure";

    /// <summary>An agent with a copy of this agent's ledger asked for the same name within the last 24 hours, and was refused.</summary>
    public const string Cloned = "Cloned";

    /// <summary>The agent is not enrolled: its messages are not authenticated.</summary>
    public const string UnsignedAgent = "Unsigned";

    /// <summary>The controllers' keys are being changed, and the agent does not believe the same ones yet.</summary>
    public const string KeyChange = "KeyChange";
}
