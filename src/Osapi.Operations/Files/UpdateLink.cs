using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>Ensures that a symbolic link exists and leads to this target.</summary>
/// <remarks>A link with another target is replaced atomically. Anything else at the path is a conflict; with <c>force</c>, a file is replaced.</remarks>
public sealed record UpdateLink
{
    /// <summary>The path of the link.</summary>
    public required FilePath Path { get; init; }

    /// <summary>The text of the link: an absolute path, or one relative to the link's directory, 1 to 4095 characters.</summary>
    [Length(1, 4095), NoNul]
    public required string Destination { get; init; }

    /// <summary>True to replace a file by the link; default: false.</summary>
    public bool? Force { get; init; }

    /// <summary>False to refuse a link whose destination does not exist; default: true.</summary>
    public bool? MissingOk { get; init; }

    /// <summary>True to follow symbolic links, on the way to the directory of the link, that a user placed in their own directory and that lead to another user's; default: false.</summary>
    public bool? FollowLinks { get; init; }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="Osapi.Operations.Files.UpdateLink"/>
    public static Operation<UpdateLink, LinkResult> UpdateLink { get; } = new("file.link.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/file/link"),
        Permission = Permissions.FileWrite,
        Rights = "writing to the directory of the link",
        Request = FileJson.Requests.UpdateLink,
        Result = FileJson.Results.LinkResult,
        Example = static () => (
            new() { Path = "/srv/app/current", Destination = "releases/42" },
            new() { Path = "/srv/app/current", Changed = true, Previous = "releases/41" }),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="UpdateLink"/>
    public Task<JobReply<LinkResult>> UpdateLinkAsync(Target target, UpdateLink request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.UpdateLink, request, target, options, cancellationToken);
}
