namespace Osapi.Operations.Files;

/// <summary>Deletes a stored file. Copies that were deployed to hosts stay.</summary>
public sealed record DeleteFile
{
    /// <summary>The name of the stored file.</summary>
    public required ObjectName Name { get; init; }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="DeleteFile"/>
    public static ControllerOperation<DeleteFile, DeleteResult> Delete { get; } = new("file.delete", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Delete("/file/{name}"),
        Permission = Permissions.FileWrite,
        SuccessStatus = 200,
        Request = FileJson.Requests.DeleteFile,
        Result = FileJson.Results.DeleteResult,
        Example = static () => (new() { Name = FileExamples.Stored.Name }, new(FileExamples.Stored.Name, Deleted: true)),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="DeleteFile"/>
    public Task<DeleteResult> DeleteAsync(ObjectName name, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.Delete, new() { Name = name }, options, cancellationToken);
}
