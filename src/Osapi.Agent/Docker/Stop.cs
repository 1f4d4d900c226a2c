using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Docker;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

internal static partial class DockerHandlers
{
    private static async Task<ChangePlan<ContainerChange>> StopAsync(StopContainer request, Host host, CancellationToken cancellationToken)
    {
        var id = request.Id.Value;
        using var found = await DockerEngine.OpenAsync(host, cancellationToken);
        var state = (await found.FindAsync(id, cancellationToken)).State;
        // One that waits to be started again would come back.
        var runs = state is { Running: true } or { Restarting: true };
        return new()
        {
            Changes = runs,
            Before = runs ? ContainerStateChange.Of(state?.Status) : null,
            After = runs ? ContainerStateChange.Of("exited") : null,
            Apply = async stop =>
            {
                using var engine = await DockerEngine.OpenAsync(host, stop);
                var changed = runs && await StopAsync(engine, request, stop);
                return new ContainerChange { Id = id, Message = changed ? "container stopped" : "container does not run", Changed = changed };
            },
        };
    }

    private static async Task<bool> StopAsync(DockerEngine engine, StopContainer request, CancellationToken cancellationToken)
    {
        var id = request.Id.Value;
        var killed = request.Timeout == 0 && await KillAsync(engine, id, cancellationToken);
        // What was killed is waited for; what waits to be started again is kept from it.
        var stopped = await engine.QueryAsync(client => client.Containers.StopContainerAsync(id, new() { WaitBeforeKillSeconds = (uint?)request.Timeout }, cancellationToken));
        return killed || stopped;
    }

    // The package leaves a time of 0 out, and the engine then gives ten seconds.
    private static async Task<bool> KillAsync(DockerEngine engine, string id, CancellationToken cancellationToken)
    {
        try
        {
            await engine.QueryAsync(async client =>
            {
                await client.Containers.KillContainerAsync(id, new() { Signal = "KILL" }, cancellationToken);
                return true;
            });
            return true;
        }
        catch (OperationException exception) when (exception.Type == ErrorType.Conflict)
        {
            // It has ended by itself, or waits to be started again.
            return false;
        }
    }
}
