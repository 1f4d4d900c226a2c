namespace Osapi.Operations.Files;

/// <summary>Compares a file on hosts with its last deployment.</summary>
public sealed record GetFileStatus
{
    /// <summary>The path of the deployed file.</summary>
    public required FilePath Path { get; init; }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="GetFileStatus"/>
    public static Operation<GetFileStatus, FileStatusResult> Status { get; } = new("file.status.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Post("/node/{hostname}/file/status"),
        Permission = Permissions.FileRead,
        Rights = "reading the file and its directory",
        RepeatsEntry = true,
        Request = FileJson.Requests.GetFileStatus,
        Result = FileJson.Results.FileStatusResult,
        Timeout = static _ => TimeSpan.FromMinutes(5),
        Example = static () => (new() { Path = "/srv/app/app.conf" }, new()
        {
            Path = "/srv/app/app.conf",
            Status = "drifted",
            Differences = ["mode"],
            Sha256 = FileExamples.Sha256,
            Mode = "0600",
            Owner = "root",
            Group = "root",
            ObjectName = FileExamples.Stored.Name,
            DeployedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        }),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="GetFileStatus"/>
    public Task<JobReply<FileStatusResult>> StatusAsync(Target target, FilePath path, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.Status, new() { Path = path }, target, options, cancellationToken);
}
