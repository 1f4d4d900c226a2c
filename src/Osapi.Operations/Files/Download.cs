namespace Osapi.Operations.Files;

/// <summary>An invoker that can also read the content of stored files.</summary>
public interface IStoredContent
{
    /// <summary>The route of the content; it answers a stream and no JSON, which is why it is no operation.</summary>
    static HttpRoute Route { get; } = HttpRoute.Get("/file/{name}/content");

    /// <summary>The content of a stored file, as it comes. The caller disposes it.</summary>
    Task<Stream> OpenAsync(ObjectName name, CancellationToken cancellationToken);
}

public sealed partial class FileClient
{
    /// <summary>Reads the content of a stored file, as it comes. The caller disposes it.</summary>
    /// <exception cref="NotSupportedException">What carries the calls cannot carry content.</exception>
    public Task<Stream> DownloadAsync(ObjectName name, CancellationToken cancellationToken = default) => invoker is IStoredContent contents
        ? contents.OpenAsync(name, cancellationToken)
        : throw new NotSupportedException($"{invoker.GetType().Name} cannot carry the content of files.");
}
