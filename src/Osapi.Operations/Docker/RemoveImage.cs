namespace Osapi.Operations.Docker;

/// <summary>Removes an image from a host, or one of its names when it has several. An image that a container uses requires force.</summary>
public sealed record RemoveImage
{
    /// <summary>The image.</summary>
    public required ImageName Image { get; init; }

    /// <summary>True to remove the image even when stopped containers use it or it has several names; default: false.</summary>
    public bool? Force { get; init; }
}

public static partial class DockerOperations
{
    /// <inheritdoc cref="Osapi.Operations.Docker.RemoveImage"/>
    public static Operation<RemoveImage, ImageRemoveResult> RemoveImage { get; } = new("docker.image.remove.execute", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Delete("/node/{hostname}/container/docker/image/{image}"),
        Permission = Permissions.DockerWrite,
        Rights = "access to the engine's socket, which amounts to root",
        Request = DockerJson.Requests.RemoveImage,
        Result = DockerJson.Results.ImageRemoveResult,
        Timeout = static _ => TimeSpan.FromMinutes(2),
        Example = static () => (
            new() { Image = DockerExamples.Image },
            new() { Image = DockerExamples.Image, Untagged = [DockerExamples.Image], Deleted = [DockerExamples.ImageId], Changed = true }),
    };
}

public sealed partial class DockerClient
{
    /// <inheritdoc cref="Osapi.Operations.Docker.RemoveImage"/>
    public Task<JobReply<ImageRemoveResult>> RemoveImageAsync(Target target, RemoveImage request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(DockerOperations.RemoveImage, request, target, options, cancellationToken);
}
