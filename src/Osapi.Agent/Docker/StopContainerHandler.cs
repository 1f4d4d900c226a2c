using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Docker;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

/// <summary>Runs <see cref="StopContainer"/> on this host.</summary>
internal static class StopContainerHandler
{
    public static async Task<ChangePlan<ContainerChange>> HandleAsync(StopContainer request, Host host, CancellationToken cancellationToken)
    {
        var id = request.Id.Value;
        using var found = await DockerEngine.OpenAsync(host, cancellationToken);
        var state = (await found.FindAsync(id, cancellationToken)).State;
        // A container that waits to be restarted counts as running, because it would come back.
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
                return new ContainerChange { Id = id, Message = changed ? "container stopped" : "container is not running", Changed = changed };
            },
        };
    }

    private static async Task<bool> StopAsync(DockerEngine engine, StopContainer request, CancellationToken cancellationToken)
    {
        var id = request.Id.Value;
        var killed = request.Timeout == 0 && await KillAsync(engine, id, cancellationToken);
        // Waits for a killed container to end, and prevents a pending restart.
        var stopped = await engine.QueryAsync(client => client.Containers.StopContainerAsync(id, new() { WaitBeforeKillSeconds = (uint?)request.Timeout }, cancellationToken));
        return killed || stopped;
    }

    // The package omits a timeout of 0, and the engine then uses ten seconds.
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
            // It has ended by itself, or waits to be restarted.
            return false;
        }
    }
}
