namespace Osapi.Operations.Docker;

/// <summary>Removes a container. A running container requires force.</summary>
public sealed record RemoveContainer
{
    /// <summary>The name or id of the container.</summary>
    public required ContainerName Id { get; init; }

    /// <summary>True to kill the container first when it runs; default: false.</summary>
    public bool? Force { get; init; }

    /// <summary>True to also remove the anonymous volumes of the container; default: false.</summary>
    public bool? Volumes { get; init; }
}

public static partial class DockerOperations
{
    /// <inheritdoc cref="RemoveContainer"/>
    public static Operation<RemoveContainer, ContainerChange> Remove { get; } = new("docker.remove.execute", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Delete("/node/{hostname}/container/docker/{id}"),
        Permission = Permissions.DockerWrite,
        Rights = "access to the engine's socket, which amounts to root",
        Request = DockerJson.Requests.RemoveContainer,
        Result = DockerJson.Results.ContainerChange,
        Timeout = static _ => TimeSpan.FromMinutes(2),
        Example = static () => (new() { Id = "web", Force = true }, new() { Id = "web", Message = "container removed", Changed = true }),
    };
}

public sealed partial class DockerClient
{
    /// <inheritdoc cref="RemoveContainer"/>
    public Task<JobReply<ContainerChange>> RemoveAsync(Target target, RemoveContainer request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(DockerOperations.Remove, request, target, options, cancellationToken);
}
