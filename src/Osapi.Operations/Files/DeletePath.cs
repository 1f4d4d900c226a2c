namespace Osapi.Operations.Files;

/// <summary>Removes a file, a symbolic link or a directory. Links are never followed: what they lead to stays.</summary>
/// <remarks>
/// A directory that is not empty needs <c>recursive</c>. Nothing is removed when something is mounted below it. Directories at the
/// top of the file tree, such as <c>/etc</c>, and those of the agent are never removed.
/// </remarks>
public sealed record DeletePath
{
    /// <summary>The path.</summary>
    public required FilePath Path { get; init; }

    /// <summary>True to remove a directory with everything in it; default: false.</summary>
    public bool? Recursive { get; init; }

    /// <summary>The only kind that is removed; another one is a conflict; default: any kind.</summary>
    public DeletedKind? Only { get; init; }

    /// <summary>True to follow symbolic links, on the way to the directory above, that a user placed in their own directory and that lead to another user's; default: false.</summary>
    public bool? FollowLinks { get; init; }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="Osapi.Operations.Files.DeletePath"/>
    public static Operation<DeletePath, DeletePathResult> DeletePath { get; } = new("file.path.delete", Idempotency.Idempotent)
    {
        Route = HttpRoute.Delete("/node/{hostname}/file/path"),
        Permission = Permissions.FileWrite,
        Rights = "writing to the directories; root to remove files of others in a directory like `/tmp`",
        Request = FileJson.Requests.DeletePath,
        Result = FileJson.Results.DeletePathResult,
        Timeout = static request => request.Recursive == true ? TimeSpan.FromMinutes(10) : TimeSpan.FromMinutes(1),
        Example = static () => (
            new() { Path = "/srv/app/releases/40", Recursive = true },
            new() { Path = "/srv/app/releases/40", Changed = true, Removed = 12, Bytes = 48_213 }),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="DeletePath"/>
    public Task<JobReply<DeletePathResult>> DeletePathAsync(Target target, DeletePath request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.DeletePath, request, target, options, cancellationToken);
}
