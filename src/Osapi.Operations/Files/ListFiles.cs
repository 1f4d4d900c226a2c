namespace Osapi.Operations.Files;

/// <summary>Lists the stored files.</summary>
public sealed record ListFiles;

public static partial class FileOperations
{
    /// <inheritdoc cref="ListFiles"/>
    public static ControllerOperation<ListFiles, FileList> List { get; } = new("file.list", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/file"),
        Permission = Permissions.FileRead,
        Request = FileJson.Requests.ListFiles,
        Result = FileJson.Results.FileList,
        Example = static () => (new(), new([FileExamples.Stored], 1)),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="ListFiles"/>
    public Task<FileList> ListAsync(CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.List, new(), options, cancellationToken);
}
