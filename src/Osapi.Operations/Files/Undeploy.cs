namespace Osapi.Operations.Files;

/// <summary>Removes a deployed file from hosts if it still is as it was deployed; what was there before does not come back.</summary>
/// <remarks>A file that was changed since is a conflict; one that was not deployed is left alone.</remarks>
public sealed record UndeployFile
{
    /// <summary>Where the file was deployed.</summary>
    public required FilePath Path { get; init; }

    /// <summary>True to remove it even when it is not as it was deployed; false when not given.</summary>
    public bool? Force { get; init; }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="UndeployFile"/>
    public static Operation<UndeployFile, UndeployResult> Undeploy { get; } = new("file.undeploy.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/file/undeploy"),
        Permission = Permissions.FileWrite,
        Request = FileJson.Requests.UndeployFile,
        Result = FileJson.Results.UndeployResult,
        Timeout = static _ => TimeSpan.FromMinutes(5),
        Example = static () => (new() { Path = "/srv/app/app.conf" }, new() { Path = "/srv/app/app.conf", Changed = true }),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="UndeployFile"/>
    public Task<JobReply<UndeployResult>> UndeployAsync(Target target, UndeployFile request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.Undeploy, request, target, options, cancellationToken);
}
