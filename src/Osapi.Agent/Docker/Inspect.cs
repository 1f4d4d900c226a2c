using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Docker;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

internal static partial class DockerHandlers
{
    private static async Task<ContainerDetail> InspectAsync(InspectContainer request, Host host, CancellationToken cancellationToken)
    {
        using var engine = await DockerEngine.OpenAsync(host, cancellationToken);
        return ContainerMapping.Of(await engine.FindAsync(request.Id.Value, cancellationToken));
    }
}
