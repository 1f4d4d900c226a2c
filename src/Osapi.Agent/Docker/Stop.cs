using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Docker;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

internal static partial class DockerHandlers
{
    private static async Task<Planned<ContainerChange>> StopAsync(StopContainer request, Host host, CancellationToken cancellationToken)
    {
        var id = request.Id.Value;
        using var found = await DockerEngine.OpenAsync(host, cancellationToken);
        var state = (await found.FindAsync(id, cancellationToken)).State;
        // One that waits to be started again would come back.
        var runs = state is { Running: true } or { Restarting: true };
        return new()
        {
            Changes = runs,
            Before = runs ? StateSetting.Of(state?.Status) : null,
            After = runs ? StateSetting.Of("exited") : null,
            Apply = async stop =>
            {
                using var engine = await DockerEngine.OpenAsync(host, stop);
                var changed = runs && await engine.AskAsync(client =>
                    client.Containers.StopContainerAsync(id, new() { WaitBeforeKillSeconds = (uint?)request.Timeout }, stop));
                return new ContainerChange { Id = id, Message = changed ? "container stopped" : "container does not run", Changed = changed };
            },
        };
    }
}
