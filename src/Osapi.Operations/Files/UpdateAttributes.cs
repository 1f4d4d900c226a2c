using Osapi.Operations.Facts;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>Ensures that a file or directory that exists has these permissions and this owner. Attributes that are not given stay unchanged.</summary>
/// <remarks>
/// A change of the owner or group clears set-user-id and set-group-id bits of files, unless <c>mode</c> sets them. Links in a directory are
/// never followed.
/// </remarks>
public sealed record UpdateAttributes : IValidatable
{
    /// <summary>The path.</summary>
    public required FilePath Path { get; init; }

    /// <summary>The permissions: octal, or symbolic, such as <c>u=rwX,go-w</c>. With <c>recurse</c> only symbolic.</summary>
    public ModeChange? Mode { get; init; }

    /// <summary>The owner.</summary>
    public AccountName? Owner { get; init; }

    /// <summary>The group.</summary>
    public AccountName? Group { get; init; }

    /// <summary>True to change everything below a directory as well; default: false.</summary>
    public bool? Recurse { get; init; }

    /// <summary>True to change what a symbolic link at the path leads to; default: false, which makes a link a conflict.</summary>
    public bool? Follow { get; init; }

    /// <summary>True to ensure that nobody can change the file or directory, not even root (<c>chattr +i</c>); false to ensure that one can; default: unchanged.</summary>
    public bool? Immutable { get; init; }

    /// <summary>True to follow symbolic links that a user placed in their own directory and that lead to another user's; default: false.</summary>
    public bool? FollowLinks { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Mode is null && Owner is null && Group is null && Immutable is null)
            yield return new("mode", "is required, or owner, group or immutable");
        if (Recurse == true && Mode is { } mode && !FactReference.ArePending(mode.Value) && !mode.IsSymbolic)
            yield return new("mode", "must be symbolic with recurse, such as u=rwX,go=rX: directories need x, and most files must not have it");
        if (Mode is { } changes && !FactReference.ArePending(changes.Value) && !changes.IsStable)
            yield return new("mode", "would change the permissions again the second time: x must come before X");
        if (Recurse == true && Immutable is not null)
            yield return new("immutable", "must not be given together with recurse");
    }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="Osapi.Operations.Files.UpdateAttributes"/>
    public static Operation<UpdateAttributes, AttributesResult> UpdateAttributes { get; } = new("file.attributes.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/file/attributes"),
        Permission = Permissions.FileWrite,
        Rights = "owning the file; root to set the owner, for files of others, and for immutable ones",
        Request = FileJson.Requests.UpdateAttributes,
        Result = FileJson.Results.AttributesResult,
        Timeout = static request => request.Recurse == true ? TimeSpan.FromMinutes(10) : TimeSpan.FromMinutes(1),
        Example = static () => (
            new() { Path = "/srv/app/data", Mode = "u=rwX,g=rX,o=", Group = "www-data", Recurse = true },
            new() { Path = "/srv/app/data", Changed = true, Differences = ["mode", "group"], Touched = 3 }),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="UpdateAttributes"/>
    public Task<JobReply<AttributesResult>> UpdateAttributesAsync(Target target, UpdateAttributes request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.UpdateAttributes, request, target, options, cancellationToken);
}
