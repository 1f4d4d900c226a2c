namespace Osapi.Operations.Files;

/// <summary>Removes a deployed file from hosts if it is unchanged since its deployment. Previous content is not restored.</summary>
/// <remarks>A file that was changed since then is a conflict. A file that was not deployed is kept.</remarks>
public sealed record UndeployFile
{
    /// <summary>The path of the deployed file.</summary>
    public required FilePath Path { get; init; }

    /// <summary>True to remove the file even when it was changed since its deployment; default: false.</summary>
    public bool? Force { get; init; }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="UndeployFile"/>
    public static Operation<UndeployFile, UndeployResult> Undeploy { get; } = new("file.undeploy.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/file/undeploy"),
        Permission = Permissions.FileWrite,
        Rights = "writing to the directory",
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
