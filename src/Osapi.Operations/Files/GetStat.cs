using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>Returns the metadata of files and directories. A path where nothing is has <c>exists: false</c>, which is no error.</summary>
public sealed record GetStat
{
    /// <summary>The paths, 1 to 100.</summary>
    [Length(1, 100)]
    public required IReadOnlyList<FilePath> Paths { get; init; }

    /// <summary>False to describe a symbolic link itself; default: true, what it leads to.</summary>
    public bool? Follow { get; init; }

    /// <summary>True to compute the SHA-256 of regular files; default: false.</summary>
    public bool? Checksum { get; init; }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="GetStat"/>
    public static Operation<GetStat, StatResult> Stat { get; } = new("file.stat.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Post("/node/{hostname}/file/stat"),
        Permission = Permissions.FileRead,
        Rights = "searching the directories on the path; reading the file for its checksum",
        Request = FileJson.Requests.GetStat,
        Result = FileJson.Results.StatResult,
        Timeout = static request => request.Checksum == true ? TimeSpan.FromMinutes(5) : Operation.DefaultTimeout,
        Example = static () => (
            new() { Paths = ["/srv/app/app.conf", "/srv/app/none"] },
            new()
            {
                Files =
                [
                    new()
                    {
                        Path = "/srv/app/app.conf",
                        Exists = true,
                        Type = "file",
                        Size = 221,
                        Mode = "0644",
                        Owner = "root",
                        Group = "root",
                        Uid = 0,
                        Gid = 0,
                        Links = 1,
                        Inode = 1835021,
                        Modified = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                        ChangedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                    },
                    new() { Path = "/srv/app/none", Exists = false },
                ],
            }),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="GetStat"/>
    public Task<JobReply<StatResult>> StatAsync(Target target, GetStat request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.Stat, request, target, options, cancellationToken);
}
