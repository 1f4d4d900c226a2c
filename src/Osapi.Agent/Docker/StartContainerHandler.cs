using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Docker;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

/// <summary>Runs <see cref="StartContainer"/> on this host.</summary>
internal static class StartContainerHandler
{
    public static async Task<ChangePlan<ContainerChange>> HandleAsync(StartContainer request, Host host, CancellationToken cancellationToken)
    {
        var id = request.Id.Value;
        using var found = await DockerEngine.OpenAsync(host, cancellationToken);
        await found.RequireContainerAllowedAsync(host, id, cancellationToken);
        var state = (await found.FindAsync(id, cancellationToken)).State;
        if (state?.Paused == true)
            throw new OperationException(ErrorType.Conflict, $"the container {id} is paused");
        var runs = state?.Running == true;
        return new()
        {
            Changes = !runs,
            Before = runs ? null : ContainerStateChange.Of(state?.Status),
            After = runs ? null : ContainerStateChange.Of("running"),
            Apply = async stop =>
            {
                using var engine = await DockerEngine.OpenAsync(host, stop);
                // The engine reports whether it started the container; another client may have been faster.
                var changed = !runs && await engine.QueryAsync(client => client.Containers.StartContainerAsync(id, new(), stop));
                return new ContainerChange { Id = id, Message = changed ? "container started" : "container is already running", Changed = changed };
            },
        };
    }
}
