namespace Osapi.Agent.Hosts.Processes;

/// <summary>A process that was started.</summary>
/// <param name="Id">The process id.</param>
/// <param name="IsInGroup">True when it was in the job's group before it executed its program.</param>
internal readonly record struct StartedProcess(int Id, bool IsInGroup);
