namespace Osapi.Operations.Files;

/// <summary>The part of an invoker that carries the content of stored files; not every invoker can.</summary>
public interface IFileDownloader
{
    /// <summary>Opens the content of a stored file, as it comes. The caller disposes it.</summary>
    Task<Stream> OpenContentAsync(ObjectName name, CancellationToken cancellationToken);
}
