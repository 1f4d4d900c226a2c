using System.Text;
using System.Text.Json.Nodes;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>Deploys a file to hosts where content, mode, owner or group differ. Attributes that are not given stay unchanged.</summary>
/// <remarks>The file is replaced atomically. A symbolic link, directory or special file at the path is not replaced: that is a conflict.</remarks>
public sealed record DeployFile : IValidatable
{
    /// <summary>The largest inline content, in bytes: 1 MiB.</summary>
    internal const int MaxContent = 1024 * 1024;

    /// <summary>The name of the stored file. Required unless <c>content</c> is given.</summary>
    public ObjectName? ObjectName { get; init; }

    /// <summary>
    /// The content itself, instead of a stored file: at most 1 MiB of text. It is no secret, and can be read with the job: secrets belong in
    /// <c>secret_vars</c> of a template.
    /// </summary>
    [Length(0, MaxContent), NoNul]
    public string? Content { get; init; }

    /// <summary>The path on the host.</summary>
    public required FilePath Path { get; init; }

    /// <summary>The content type: written unchanged (raw) or rendered as a template.</summary>
    public required FileContentType ContentType { get; init; }

    /// <summary>The permissions, octal; default for a new file: 0644.</summary>
    public OctalMode? Mode { get; init; }

    /// <summary>The owner; default for a new file: the agent's user.</summary>
    public AccountName? Owner { get; init; }

    /// <summary>The group; default for a new file: the agent's group.</summary>
    public AccountName? Group { get; init; }

    /// <summary>True to create missing directories, with mode 0755; default: false.</summary>
    public bool? CreateParents { get; init; }

    /// <summary>True to leave a file that exists as it is, whatever its content and attributes are; default: false.</summary>
    public bool? OnlyIfMissing { get; init; }

    /// <summary>The validator that must accept new content before it is put in its place; default: none.</summary>
    public FileValidation? Validate { get; init; }

    /// <summary>True to keep the previous content next to the file, under its name plus the time; default: false.</summary>
    public bool? Backup { get; init; }

    /// <summary>True to follow symbolic links that a user placed in their own directory and that lead to another user's; default: false.</summary>
    public bool? FollowLinks { get; init; }

    /// <summary>The variables that the template finds under <c>vars</c>.</summary>
    public JsonObject? Vars { get; init; }

    /// <summary>
    /// More variables under <c>vars</c>, whose values are secret. A check then shows sizes and hashes instead of the content.
    /// </summary>
    [Secret]
    public JsonObject? SecretVars { get; init; }

    /// <summary>
    /// For a check only: the content as base64, at most 1 MiB, that is compared with the host instead of the stored file, which may be yet to
    /// be stored.
    /// </summary>
    [Secret]
    public string? CheckContent { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (ObjectName is null == Content is null)
            yield return ObjectName is null ? new("object_name", "is required, or content") : new("content", "must not be given together with object_name");
        if (Content is not null && Encoding.UTF8.GetByteCount(Content) > MaxContent)
            yield return new("content", $"must have at most {MaxContent} bytes in UTF-8");
        if (Content is not null && CheckContent is not null)
            yield return new("check_content", "must not be given together with content");
        foreach (var name in SecretVars?.Select(variable => variable.Key).Where(name => Vars?.ContainsKey(name) == true) ?? [])
            yield return new("secret_vars", $"must not contain {name}, which vars contains");
    }
}

public static partial class FileOperations
{
    /// <inheritdoc cref="DeployFile"/>
    public static Operation<DeployFile, DeployResult> Deploy { get; } = new("file.deploy.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/file/deploy"),
        Permission = Permissions.FileWrite,
        Rights = "writing to the directory; root to set the owner, and to replace a file of another user in a directory like `/tmp`",
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
