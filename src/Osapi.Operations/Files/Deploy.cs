using System.Text.Json.Nodes;

namespace Osapi.Operations.Files;

/// <summary>Writes a stored file to hosts, whole or not at all, where it is not as asked; what is not given stays as it is.</summary>
/// <remarks>A symbolic link, a directory or a special file in its place is not replaced: that is a conflict.</remarks>
public sealed record DeployFile
{
    /// <summary>The stored file.</summary>
    public required ObjectName ObjectName { get; init; }

    /// <summary>Where to write it.</summary>
    public required FilePath Path { get; init; }

    /// <summary>Whether it is written as it is or rendered as a template.</summary>
    public required FileContentType ContentType { get; init; }

    /// <summary>Its permissions, octal; when not given, 0644 for a new file.</summary>
    public OctalMode? Mode { get; init; }

    /// <summary>Its owner; when not given, the agent's user for a new file.</summary>
    public AccountName? Owner { get; init; }

    /// <summary>Its group; when not given, the agent's group for a new file.</summary>
    public AccountName? Group { get; init; }

    /// <summary>True to make missing directories, with mode 0755; false when not given.</summary>
    public bool? CreateParents { get; init; }

    /// <summary>True to keep the previous content beside the file, under its name and the time; false when not given.</summary>
    public bool? Backup { get; init; }

    /// <summary>True to follow links of users out of their directories into those of others on the way to the file; false when not given.</summary>
    public bool? FollowLinks { get; init; }

    /// <summary>What the template finds under <c>vars</c>.</summary>
    public JsonObject? Vars { get; init; }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="DeployFile"/>
    public static Operation<DeployFile, DeployResult> Deploy { get; } = new("file.deploy.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/file/deploy"),
        Permission = Permissions.FileWrite,
        RepeatsEntry = true,
        HasLargeRequest = true,
        Request = FileJson.Requests.DeployFile,
        Result = FileJson.Results.DeployResult,
        // Long enough for a large file over a slow network.
        Timeout = static _ => TimeSpan.FromMinutes(10),
        Example = static () => (
            new()
            {
                ObjectName = FileExamples.Stored.Name,
                Path = "/srv/app/app.conf",
                ContentType = FileContentType.Template,
                Mode = "0644",
                Owner = "root",
                Group = "root",
                CreateParents = true,
                Vars = new() { ["port"] = 8080 },
            },
            new() { Path = "/srv/app/app.conf", Sha256 = FileExamples.Sha256, Size = 1024, Changed = true, Differences = ["missing"] }),
    };
}

public sealed partial class FileClient
{
    /// <inheritdoc cref="DeployFile"/>
    public Task<JobReply<DeployResult>> DeployAsync(Target target, DeployFile request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(FileOperations.Deploy, request, target, options, cancellationToken);
}
