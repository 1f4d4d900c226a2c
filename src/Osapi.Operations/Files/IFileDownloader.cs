namespace Osapi.Operations.Files;

/// <summary>An invoker that can transfer the content of stored files.</summary>
public interface IFileDownloader
{
    /// <summary>Opens the content of a stored file as a stream. The caller disposes it.</summary>
    Task<Stream> OpenContentAsync(ObjectName name, CancellationToken cancellationToken);
}
