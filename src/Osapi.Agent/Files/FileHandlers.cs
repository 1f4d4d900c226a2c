using Osapi.Agent.Handlers;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>The handlers of the file family.</summary>
internal static partial class FileHandlers
{
    public static HandlerTable All => new()
    {
        { FileOperations.Deploy, DeployAsync },
        { FileOperations.Status, StatusAsync },
        { FileOperations.Undeploy, UndeployAsync },
    };
}
