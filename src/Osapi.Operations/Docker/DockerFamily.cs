using Osapi.Operations.Docker;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Read containers.</summary>
    public const string DockerRead = "docker:read";

    /// <summary>Create, start, stop and remove containers, and pull images.</summary>
    public const string DockerWrite = "docker:write";

    /// <summary>Run commands inside containers.</summary>
    public const string DockerExecute = "docker:execute";
}

public abstract partial class FamilyClients
{
    /// <summary>Containers and images of the Docker engine on each host.</summary>
    public DockerClient Docker => field ??= new(invoker);
}
