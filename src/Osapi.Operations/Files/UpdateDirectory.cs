namespace Osapi.Operations.Files;

/// <summary>Ensures that a directory exists, with these permissions and this owner. Attributes that are not given stay unchanged.</summary>
/// <remarks>Anything else at the path, such as a file, is a conflict.</remarks>
public sealed record UpdateDirectory
{
    /// <summary>The path of the directory.</summary>
    public required FilePath Path { get; init; }

    /// <summary>The permissions, octal; default for a new directory: 0755.</summary>
    public OctalMode? Mode { get; init; }

    /// <summary>The owner; default for a new directory: the agent's user.</summary>
    public AccountName? Owner { get; init; }

    /// <summary>The group; default for a new directory: the agent's group.</summary>
    public AccountName? Group { get; init; }

    /// <summary>True to create missing directories above it, with mode 0755; default: true.</summary>
    public bool? CreateParents { get; init; }

    /// <summary>True to follow symbolic links that a user placed in their own directory and that lead to another user's; default: false.</summary>
    public bool? FollowLinks { get; init; }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="Osapi.Operations.Files.UpdateDirectory"/>
    public static Operation<UpdateDirectory, DirectoryResult> UpdateDirectory { get; } = new("file.directory.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/file/directory"),
        Permission = Permissions.FileWrite,
        Rights = "writing to the directory above; root to set the owner",
        Request = FileJson.Requests.UpdateDirectory,
        Result = FileJson.Results.DirectoryResult,
        Example = static () => (
            new() { Path = "/srv/app/data", Mode = "0750", Owner = "root", Group = "www-data" },
            new() { Path = "/srv/app/data", Changed = true, Differences = ["missing"] }),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="UpdateDirectory"/>
    public Task<JobReply<DirectoryResult>> UpdateDirectoryAsync(Target target, UpdateDirectory request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.UpdateDirectory, request, target, options, cancellationToken);
}
