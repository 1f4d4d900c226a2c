using Osapi.Operations.Http;
using Osapi.Operations.Json;
using Osapi.Operations.Network;

namespace Osapi.Operations.Files;

/// <summary>Ensures that a host has a file from a web server, with this checksum. The file is replaced atomically, and only when its content differs.</summary>
/// <remarks>
/// With a checksum, the file on the host is compared first, and a server is asked only when it differs. Without one, the server is asked
/// whether the file changed (ETag), and a check cannot predict that. At most 10 redirects are followed, never from https to http; a redirect
/// to another server does not get the headers.
/// </remarks>
public sealed record DownloadUrl : IValidatable
{
    /// <summary>The address of the file: http or https.</summary>
    public required WebAddress SourceUrl { get; init; }

    /// <summary>The path on the host.</summary>
    public required FilePath Path { get; init; }

    /// <summary>The SHA-256 that the content must have; default: any content.</summary>
    public Sha256Value? Sha256 { get; init; }

    /// <summary>The address of a list of checksums in the form of <c>sha256sum</c>, at most 1 MiB, which has the name of the file or a single checksum.</summary>
    public WebAddress? Sha256Url { get; init; }

    /// <summary>The permissions, octal; default for a new file: 0644.</summary>
    public OctalMode? Mode { get; init; }

    /// <summary>The owner; default for a new file: the agent's user.</summary>
    public AccountName? Owner { get; init; }

    /// <summary>The group; default for a new file: the agent's group.</summary>
    public AccountName? Group { get; init; }

    /// <summary>True to create missing directories, with mode 0755; default: false.</summary>
    public bool? CreateParents { get; init; }

    /// <summary>Headers of the requests, at most 20, such as <c>Authorization</c>. Their values are secret.</summary>
    [NoNul, Secret]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>True to fetch the file also when the server would say that it has not changed; default: false.</summary>
    public bool? Force { get; init; }

    /// <summary>The largest file in bytes, 1 to 2^40; default: 1 GiB. A larger one is a conflict.</summary>
    [Range(1, 1_099_511_627_776)]
    public long? MaxBytes { get; init; }

    /// <summary>The certificates of the authorities that may certify the server, in PEM, instead of those that the host trusts.</summary>
    [Length(1, 262_144), NoNul]
    public string? Ca { get; init; }

    /// <summary>The time limit in seconds, 1 to 3600; default: 300.</summary>
    [Range(1, 3600)]
    public int? Timeout { get; init; }

    /// <summary>True to follow symbolic links that a user placed in their own directory and that lead to another user's; default: false.</summary>
    public bool? FollowLinks { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Sha256 is not null && Sha256Url is not null)
            yield return new("sha256_url", "must not be given together with sha256");
        foreach (var problem in HttpRules.Check(Headers, Ca))
            yield return problem;
    }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="Osapi.Operations.Files.DownloadUrl"/>
    public static Operation<DownloadUrl, DownloadResult> DownloadUrl { get; } = new("file.download.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/file/download"),
        Permission = Permissions.FileWrite,
        Rights = "writing to the directory; root to set the owner; a connection to the server",
        Request = FileJson.Requests.DownloadUrl,
        Result = FileJson.Results.DownloadResult,
        HasLargeRequest = true,
        Timeout = static request => TimeSpan.FromSeconds(request.Timeout ?? 300),
        Example = static () => (
            new() { SourceUrl = "https://example.com/app-1.4.tar.gz", Path = "/srv/app/app-1.4.tar.gz", Sha256 = FileExamples.Sha256 },
            new() { Path = "/srv/app/app-1.4.tar.gz", Changed = true, Sha256 = FileExamples.Sha256, Size = 482_133, HttpStatus = 200, Differences = ["missing"] }),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="DownloadUrl"/>
    public Task<JobReply<DownloadResult>> DownloadUrlAsync(Target target, DownloadUrl request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.DownloadUrl, request, target, options, cancellationToken);
}
