using Docker.DotNet.Models;

namespace Osapi.Agent.Hosts.Docker;

/// <summary>Reads containers.</summary>
internal static class DockerContainers
{
    /// <summary>Gets a container.</summary>
    /// <exception cref="Osapi.Operations.OperationException">There is no container with that name or id.</exception>
    public static Task<ContainerInspectResponse> FindAsync(this DockerEngine engine, string id, CancellationToken cancellationToken) =>
        engine.QueryAsync(client => client.Containers.InspectContainerAsync(id, cancellationToken));
}
