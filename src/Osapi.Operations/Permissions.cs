namespace Osapi.Operations;

/// <summary>The names of the permissions that the roles of a token grant.</summary>
public static class Permissions
{
    /// <summary>Read the registered agents.</summary>
    public const string AgentRead = "agent:read";

    /// <summary>Drain, undrain and remove agents.</summary>
    public const string AgentWrite = "agent:write";

    /// <summary>Read the state of hosts.</summary>
    public const string NodeRead = "node:read";

    /// <summary>Read network settings.</summary>
    public const string NetworkRead = "network:read";

    /// <summary>Change network settings, and send pings.</summary>
    public const string NetworkWrite = "network:write";

    /// <summary>Read jobs and their results.</summary>
    public const string JobRead = "job:read";

    /// <summary>Cancel, retry and delete jobs.</summary>
    public const string JobWrite = "job:write";

    /// <summary>Read the detailed health of the controller.</summary>
    public const string HealthRead = "health:read";

    /// <summary>Read the audit log.</summary>
    public const string AuditRead = "audit:read";

    /// <summary>Run commands on hosts.</summary>
    public const string CommandExecute = "command:execute";

    /// <summary>Read stored and deployed files.</summary>
    public const string FileRead = "file:read";

    /// <summary>Store, deploy and remove files.</summary>
    public const string FileWrite = "file:write";

    /// <summary>See, in checks, the content of files that not every user of the host may read.</summary>
    public const string FileContent = "file:content";

    /// <summary>Read containers.</summary>
    public const string DockerRead = "docker:read";

    /// <summary>Create, start, stop and remove containers, and pull images.</summary>
    public const string DockerWrite = "docker:write";

    /// <summary>Run commands inside containers.</summary>
    public const string DockerExecute = "docker:execute";

    /// <summary>Every permission.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        AgentRead, AgentWrite, NodeRead, NetworkRead, NetworkWrite, JobRead, JobWrite, HealthRead, AuditRead,
        CommandExecute, FileRead, FileWrite, FileContent, DockerRead, DockerWrite, DockerExecute,
    ];
}
