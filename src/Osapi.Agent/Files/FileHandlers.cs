using Osapi.Agent.Handlers;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>The handlers of the file family.</summary>
internal static class FileHandlers
{
    public static HandlerTable All => new()
    {
        { FileOperations.Deploy, DeployFileHandler.HandleAsync },
        { FileOperations.Status, GetFileStatusHandler.HandleAsync },
        { FileOperations.Undeploy, UndeployFileHandler.HandleAsync },
    };
}
