using Osapi.Agent.Handlers;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

/// <summary>The handlers of the docker family.</summary>
internal static class DockerHandlers
{
    public static HandlerTable All => new()
    {
        { DockerOperations.Create, CreateContainerHandler.HandleAsync },
        { DockerOperations.List, ListContainersHandler.HandleAsync },
        { DockerOperations.Inspect, InspectContainerHandler.HandleAsync },
        { DockerOperations.Start, StartContainerHandler.HandleAsync },
        { DockerOperations.Stop, StopContainerHandler.HandleAsync },
        { DockerOperations.Remove, RemoveContainerHandler.HandleAsync },
        { DockerOperations.Exec, ExecInContainerHandler.HandleAsync },
        { DockerOperations.Pull, PullImageHandler.HandleAsync },
        { DockerOperations.RemoveImage, RemoveImageHandler.HandleAsync },
    };
}
