using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>Pulls an image from its registry. It is unchanged when the registry has the digest that the host has.</summary>
/// <remarks>Credentials are found on the host and are never part of a request: see docs/docker.md.</remarks>
public sealed record PullImage : IValidatable
{
    /// <summary>The image.</summary>
    public required ImageName Image { get; init; }

    /// <summary>The file on the host with the registry's credentials, in the format of Docker's config.json; <c>DOCKER_CONFIG/config.json</c> or <c>~/.docker/config.json</c> of the agent's user when not given.</summary>
    public FilePath? CredentialsFile { get; init; }

    /// <summary>Seconds it may take, 1 to 7200; 600 when not given.</summary>
    [Range(1, 7200)]
    public int? Timeout { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Problem> Validate()
    {
        if (Image.IsId)
            yield return new("image", "must be a name: registries know no ids");
    }
}

/// <summary>An image that a host has now.</summary>
public sealed record PullResult
{
    /// <summary>The image as it was asked for.</summary>
    public required string Image { get; init; }

    /// <summary>Its id on the host.</summary>
    public string? ImageId { get; init; }

    /// <summary>The digest of its manifest in the registry; null when the engine does not say.</summary>
    public string? Digest { get; init; }

    /// <summary>The tag that was pulled; null for an image that was asked for by its digest.</summary>
    public string? Tag { get; init; }

    /// <summary>Its size on the host in bytes.</summary>
    public long Size { get; init; }

    /// <summary>The layers that were downloaded; those that the host had are not among them.</summary>
    public int LayersPulled { get; init; }

    /// <summary>The bytes that were downloaded, as the engine reported them.</summary>
    public long BytesPulled { get; init; }

    /// <summary>True when the image's digest moved, or the host did not have it.</summary>
    public required bool Changed { get; init; }
}

public static partial class DockerOperations
{
    /// <inheritdoc cref="PullImage"/>
    public static Operation<PullImage, PullResult> Pull { get; } = new("docker.pull.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/container/docker/pull"),
        Permission = Permissions.DockerWrite,
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
