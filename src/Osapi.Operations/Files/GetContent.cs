using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>Returns the content of a file, or a part of it.</summary>
/// <remarks>The content of a file that not every user of the host may read needs the permission <c>file:content</c>.</remarks>
public sealed record GetContent
{
    /// <summary>The path of the file.</summary>
    public required FilePath Path { get; init; }

    /// <summary>The largest number of bytes to return, 1 to 1048576; default: 65536.</summary>
    [Range(1, 1_048_576)]
    public int? MaxBytes { get; init; }

    /// <summary>The number of bytes to skip, 0 to 2^53-1; default: 0.</summary>
    [Range(0, 9_007_199_254_740_991)]
    public long? Offset { get; init; }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="GetContent"/>
    public static Operation<GetContent, ContentResult> Content { get; } = new("file.content.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Post("/node/{hostname}/file/content"),
        Permission = Permissions.FileRead,
        Rights = "reading the file",
        Request = FileJson.Requests.GetContent,
        Result = FileJson.Results.ContentResult,
        Example = static () => (new() { Path = "/srv/app/version" }, new() { Path = "/srv/app/version", Content = "1.4\n", Size = 4 }),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="GetContent"/>
    public Task<JobReply<ContentResult>> ContentAsync(Target target, FilePath path, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.Content, new() { Path = path }, target, options, cancellationToken);
}
