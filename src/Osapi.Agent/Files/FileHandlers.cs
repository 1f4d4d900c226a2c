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
        { FileOperations.DownloadUrl, DownloadUrlHandler.HandleAsync },
        { FileOperations.Extract, ExtractArchiveHandler.HandleAsync },
        { FileOperations.UpdateDirectory, UpdateDirectoryHandler.HandleAsync },
        { FileOperations.UpdateLink, UpdateLinkHandler.HandleAsync },
        { FileOperations.UpdateAttributes, UpdateAttributesHandler.HandleAsync },
        { FileOperations.DeletePath, DeletePathHandler.HandleAsync },
        { FileOperations.Stat, GetStatHandler.HandleAsync },
        { FileOperations.Content, GetContentHandler.HandleAsync },
        { FileOperations.UpdateLine, UpdateLineHandler.HandleAsync },
        { FileOperations.UpdateBlock, UpdateBlockHandler.HandleAsync },
        { FileOperations.Replace, ReplaceTextHandler.HandleAsync },
    };
}
