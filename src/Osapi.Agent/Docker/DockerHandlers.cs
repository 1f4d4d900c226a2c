using Osapi.Agent.Handlers;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

/// <summary>The handlers of the docker family.</summary>
internal static partial class DockerHandlers
{
    public static HandlerTable All => new()
    {
        { DockerOperations.Create, CreateAsync },
        { DockerOperations.List, ListAsync },
        { DockerOperations.Inspect, InspectAsync },
        { DockerOperations.Start, StartAsync },
        { DockerOperations.Stop, StopAsync },
        { DockerOperations.Remove, RemoveAsync },
        { DockerOperations.Exec, ExecAsync },
        { DockerOperations.Pull, PullAsync },
        { DockerOperations.RemoveImage, ImageRemoveAsync },
    };
}
