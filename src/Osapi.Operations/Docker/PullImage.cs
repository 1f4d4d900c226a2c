using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>Pulls an image from its registry. Nothing changes when the host already has the digest that the registry has.</summary>
/// <remarks>Credentials are read on the host and are never part of a request: see docs/docker.md.</remarks>
public sealed record PullImage : IValidatable
{
    /// <summary>The image.</summary>
    public required ImageName Image { get; init; }

    /// <summary>
    /// The file on the host with the registry's credentials, in the format of Docker's config.json; default:
    /// <c>DOCKER_CONFIG/config.json</c> or <c>~/.docker/config.json</c> of the agent's user.
    /// </summary>
    public FilePath? CredentialsFile { get; init; }

    /// <summary>Time limit in seconds, 1 to 7200; default: 600.</summary>
    [Range(1, 7200)]
    public int? Timeout { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Image.IsId)
            yield return new("image", "must be a name: registries do not accept ids");
    }
}

/// <summary>A pulled image.</summary>
public sealed record PullResult
{
    /// <summary>The image as named in the request.</summary>
    public required string Image { get; init; }

    /// <summary>The id of the image on the host.</summary>
    public string? ImageId { get; init; }

    /// <summary>The digest of the manifest in the registry; null when the engine does not report it.</summary>
    public string? Digest { get; init; }

    /// <summary>The pulled tag; null when the image was requested by digest.</summary>
    public string? Tag { get; init; }

    /// <summary>The size on the host in bytes.</summary>
    public long Size { get; init; }

    /// <summary>The number of downloaded layers; layers that the host already had are not counted.</summary>
    public int LayersPulled { get; init; }

    /// <summary>The number of downloaded bytes, as reported by the engine.</summary>
    public long BytesPulled { get; init; }

    /// <summary>True when the image's digest changed, or the image was not on the host.</summary>
    public required bool Changed { get; init; }
}

public static partial class DockerOperations
{
    /// <inheritdoc cref="PullImage"/>
    public static Operation<PullImage, PullResult> Pull { get; } = new("docker.pull.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/container/docker/pull"),
        Permission = Permissions.DockerWrite,
        Rights = "access to the engine's socket, which amounts to root; reading the credentials file",
        Request = DockerJson.Requests.PullImage,
        Result = DockerJson.Results.PullResult,
        Timeout = static request => TimeSpan.FromSeconds(request.Timeout ?? 600),
        Example = static () => (
            new() { Image = DockerExamples.Image },
            new()
            {
                Image = DockerExamples.Image,
                ImageId = DockerExamples.ImageId,
                Digest = DockerExamples.Digest,
                Tag = "1.4",
                Size = 7340032,
                LayersPulled = 3,
                BytesPulled = 3145728,
                Changed = true,
            }),
    };
}

public sealed partial class DockerClient
{
    /// <inheritdoc cref="PullImage"/>
    public Task<JobReply<PullResult>> PullAsync(Target target, PullImage request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(DockerOperations.Pull, request, target, options, cancellationToken);
}
