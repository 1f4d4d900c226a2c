using Osapi.Operations.Agents;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>Creates the view of an agent for callers from its record and its last heartbeat.</summary>
internal static class AgentView
{
    public static AgentDetail Of(AgentInfo agent, string status, (DateTimeOffset At, AgentHeartbeat? Beat)? lastHeartbeat) => new()
    {
        Hostname = agent.Hostname,
        Status = status,
        State = agent.State,
        Labels = agent.Labels,
        Version = agent.Version,
        Ledger = agent.Ledger,
        RegisteredAt = agent.RegisteredAt,
        StartedAt = agent.StartedAt,
        LastSeen = lastHeartbeat?.At,
        StoppedAt = agent.StoppedAt,
        Drain = agent.Drain,
        Conditions = agent.Conditions,
        // Figures of a silent host would be outdated.
        Uptime = status == AgentStatus.Ready ? lastHeartbeat?.Beat?.Uptime : null,
        LoadAverage = status == AgentStatus.Ready ? lastHeartbeat?.Beat?.LoadAverage : null,
        Memory = status == AgentStatus.Ready ? lastHeartbeat?.Beat?.Memory : null,
        OsInfo = agent.Facts?.OsInfo,
        Architecture = agent.Facts?.Architecture,
        KernelVersion = agent.Facts?.KernelVersion,
        CpuCount = agent.Facts?.CpuCount,
        Fqdn = agent.Facts?.Fqdn,
        MachineId = agent.MachineId,
        ServiceMgr = agent.Facts?.ServiceMgr,
        PackageMgr = agent.Facts?.PackageMgr,
        Container = agent.Facts?.Container,
        PrimaryInterface = agent.Facts?.PrimaryInterface,
        Interfaces = agent.Facts?.Interfaces ?? [],
        Routes = agent.Facts?.Routes ?? [],
        Facts = agent.Facts?.Facts ?? new Dictionary<string, string>(),
    };
}
