namespace Osapi.Operations.Files;

public static partial class FileOperations
{
    /// <summary>The route that returns the content of a stored file. It is not an operation because the response is a stream and not JSON.</summary>
    internal static HttpRoute ContentRoute { get; } = HttpRoute.Get("/file/{name}/content");
}

public sealed partial class FileClient
{
    /// <summary>Opens the content of a stored file as a stream. The caller disposes it.</summary>
    /// <exception cref="NotSupportedException">The invoker does not support content.</exception>
    public Task<Stream> DownloadAsync(ObjectName name, CancellationToken cancellationToken = default) =>
        invoker is IFileDownloader downloader
            ? downloader.OpenContentAsync(name, cancellationToken)
            : throw new NotSupportedException($"{invoker.GetType().Name} cannot transfer the content of files: it does not implement {nameof(IFileDownloader)}.");
}
