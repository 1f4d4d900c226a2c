using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Docker;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

/// <summary>Runs <see cref="RemoveContainer"/> on this host.</summary>
internal static class RemoveContainerHandler
{
    public static async Task<ContainerChange> HandleAsync(RemoveContainer request, Host host, CancellationToken cancellationToken)
    {
        var id = request.Id.Value;
        using var engine = await DockerEngine.OpenAsync(host, cancellationToken);
        // Podman silently succeeds when a forced removal finds no container.
        await engine.FindAsync(id, cancellationToken);
        await engine.ChangeAsync(client => client.Containers.RemoveContainerAsync(id, new() { Force = request.Force, RemoveVolumes = request.Volumes }, cancellationToken));
        return new() { Id = id, Message = "container removed", Changed = true };
    }
}
