using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Docker;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

/// <summary>Runs <see cref="InspectContainer"/> on this host.</summary>
internal static class InspectContainerHandler
{
    public static async Task<ContainerDetail> HandleAsync(InspectContainer request, Host host, CancellationToken cancellationToken)
    {
        using var engine = await DockerEngine.OpenAsync(host, cancellationToken);
        return ContainerMapping.Of(await engine.FindAsync(request.Id.Value, cancellationToken));
    }
}
