namespace Osapi.Operations;

/// <summary>The names of the permissions a token's roles grant.</summary>
public static class Permissions
{
    /// <summary>Read the registered agents.</summary>
    public const string AgentRead = "agent:read";

    /// <summary>Drain and undrain agents.</summary>
    public const string AgentWrite = "agent:write";

    /// <summary>Read what a host is and how it is doing.</summary>
    public const string NodeRead = "node:read";

    /// <summary>Read network settings.</summary>
    public const string NetworkRead = "network:read";

    /// <summary>Change network settings, and send pings.</summary>
    public const string NetworkWrite = "network:write";

    /// <summary>Read jobs and their results.</summary>
    public const string JobRead = "job:read";

    /// <summary>Cancel, retry and delete jobs.</summary>
    public const string JobWrite = "job:write";

    /// <summary>Read the controller's detailed health.</summary>
    public const string HealthRead = "health:read";

    /// <summary>Read the audit log.</summary>
    public const string AuditRead = "audit:read";

    /// <summary>Run commands on hosts.</summary>
    public const string CommandExecute = "command:execute";

    /// <summary>Read stored and deployed files.</summary>
    public const string FileRead = "file:read";

    /// <summary>Store, deploy and remove files.</summary>
    public const string FileWrite = "file:write";

    /// <summary>See the content of deployed files that not everybody on their host may read, where a check shows what would change.</summary>
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
