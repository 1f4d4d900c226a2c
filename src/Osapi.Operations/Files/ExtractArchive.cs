using Osapi.Operations.Facts;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>Ensures that a directory contains the files of an archive: tar, tar with gzip, or zip. Other files in the directory stay.</summary>
/// <remarks>
/// Everything in the archive is compared with the host, and only what differs is written. An archive is refused, and nothing is written,
/// when one of its entries would be outside of the directory, is a device or pipe, or is there twice; or when it has more than 200,000 entries
/// or 10 GiB. Owners in the archive, and set-user-id bits, are not taken over.
/// </remarks>
public sealed record ExtractArchive : IValidatable
{
    /// <summary>The path of the archive on the host. Required unless <c>object_name</c> is given.</summary>
    public FilePath? Path { get; init; }

    /// <summary>The name of the stored file that is the archive.</summary>
    public ObjectName? ObjectName { get; init; }

    /// <summary>The directory. It is created when it is missing, with those above it.</summary>
    public required FilePath Dest { get; init; }

    /// <summary>A path that exists when the archive need not be extracted; default: none.</summary>
    public FilePath? Creates { get; init; }

    /// <summary>The number of directories to remove from the beginning of each name, 0 to 10; default: 0. What has no more names is left out.</summary>
    [Range(0, 10)]
    public int? Strip { get; init; }

    /// <summary>Patterns of names in the archive, at most 100; only what matches one is extracted. <c>*</c> and <c>?</c> stand for any characters, also <c>/</c>.</summary>
    [Length(1, 100), NoNul]
    public IReadOnlyList<string>? Include { get; init; }

    /// <summary>Patterns of names in the archive, at most 100; what matches one is left out, a directory with everything in it.</summary>
    [Length(1, 100), NoNul]
    public IReadOnlyList<string>? Exclude { get; init; }

    /// <summary>The owner of all that is extracted; default for what is new: the agent's user.</summary>
    public AccountName? Owner { get; init; }

    /// <summary>The group of all that is extracted; default for what is new: the agent's group.</summary>
    public AccountName? Group { get; init; }

    /// <summary>The changes of the permissions that the archive has, symbolic, such as <c>go-w</c>. A directory that exists keeps its own otherwise.</summary>
    public ModeChange? Mode { get; init; }

    /// <summary>True to leave files that are newer than those in the archive; default: false.</summary>
    public bool? KeepNewer { get; init; }

    /// <summary>The time limit in seconds, 1 to 3600; default: 300.</summary>
    [Range(1, 3600)]
    public int? Timeout { get; init; }

    /// <summary>True to follow symbolic links, on the way to the directory, that a user placed in their own directory and that lead to another user's; default: false.</summary>
    public bool? FollowLinks { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        const int MaxPattern = 1000;
        if (Path is null == ObjectName is null)
            yield return Path is null ? new("path", "is required, or object_name") : new("object_name", "must not be given together with path");
        if (Mode is { } mode && !FactReference.ArePending(mode.Value) && (!mode.IsSymbolic || !mode.IsStable))
            yield return new("mode", "must be symbolic, such as go-w, with x before X");
        foreach (var (name, patterns) in new[] { ("include", Include), ("exclude", Exclude) })
            if (patterns?.Any(pattern => pattern.Length is 0 or > MaxPattern) == true)
                yield return new(name, $"must have patterns of 1 to {MaxPattern} characters");
    }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="ExtractArchive"/>
    public static Operation<ExtractArchive, ExtractResult> Extract { get; } = new("file.extract.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/file/extract"),
        Permission = Permissions.FileWrite,
        Rights = "reading the archive, writing to the directory; root to set the owner",
        Request = FileJson.Requests.ExtractArchive,
        Result = FileJson.Results.ExtractResult,
        Timeout = static request => TimeSpan.FromSeconds(request.Timeout ?? 300),
        Example = static () => (
            new() { Path = "/srv/app/app-1.4.tar.gz", Dest = "/srv/app/releases/1.4", Strip = 1 },
            new() { Path = "/srv/app/releases/1.4", Changed = true, Entries = 3, Bytes = 12, Written = 3, Skipped = 1 }),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="ExtractArchive"/>
    public Task<JobReply<ExtractResult>> ExtractAsync(Target target, ExtractArchive request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.Extract, request, target, options, cancellationToken);
}
