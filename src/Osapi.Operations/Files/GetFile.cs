namespace Osapi.Operations.Files;

/// <summary>Returns the metadata of a stored file.</summary>
public sealed record GetFile
{
    /// <summary>The name of the stored file.</summary>
    public required ObjectName Name { get; init; }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="GetFile"/>
    public static ControllerOperation<GetFile, StoredFile> Get { get; } = new("file.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/file/{name}"),
        Permission = Permissions.FileRead,
        Request = FileJson.Requests.GetFile,
        Result = FileJson.Results.StoredFile,
        Example = static () => (new() { Name = FileExamples.Stored.Name }, FileExamples.Stored),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="GetFile"/>
    public Task<StoredFile> GetAsync(ObjectName name, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.Get, new() { Name = name }, options, cancellationToken);
}
