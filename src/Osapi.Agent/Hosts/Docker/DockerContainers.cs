using Docker.DotNet.Models;

namespace Osapi.Agent.Hosts.Docker;

/// <summary>Looks at containers.</summary>
internal static class DockerContainers
{
    /// <summary>A container.</summary>
    /// <exception cref="Osapi.Operations.OperationException">There is none of that name or id.</exception>
    public static Task<ContainerInspectResponse> FindAsync(this DockerEngine engine, string id, CancellationToken cancellationToken) =>
        engine.QueryAsync(client => client.Containers.InspectContainerAsync(id, cancellationToken));
}
