namespace Osapi.Operations.Files;

public static partial class FileOperations
{
    /// <summary>Where the content of a stored file can be read. It answers a stream and no JSON, which is why it is no operation.</summary>
    public static HttpRoute ContentRoute { get; } = HttpRoute.Get("/file/{name}/content");
}

public sealed partial class FileClient
{
    /// <summary>Reads the content of a stored file, as it comes. The caller disposes it.</summary>
    /// <exception cref="NotSupportedException">What carries the calls cannot carry content.</exception>
    public Task<Stream> DownloadAsync(ObjectName name, CancellationToken cancellationToken = default) =>
        invoker is IFileDownloader downloader
            ? downloader.OpenContentAsync(name, cancellationToken)
            : throw new NotSupportedException($"{invoker.GetType().Name} cannot carry the content of files: it is no {nameof(IFileDownloader)}.");
}
