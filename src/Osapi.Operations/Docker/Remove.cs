namespace Osapi.Operations.Docker;

/// <summary>Removes a container; one that runs only with force.</summary>
public sealed record RemoveContainer
{
    /// <summary>Its name or id.</summary>
    public required ContainerName Id { get; init; }

    /// <summary>True to kill it first when it runs; false when not given.</summary>
    public bool? Force { get; init; }

    /// <summary>True to remove the volumes without a name that were made for it, too; false when not given.</summary>
    public bool? Volumes { get; init; }
}

public static partial class DockerOperations
{
    /// <inheritdoc cref="RemoveContainer"/>
    public static Operation<RemoveContainer, ContainerChange> Remove { get; } = new("docker.remove.execute", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Delete("/node/{hostname}/container/docker/{id}"),
        Permission = Permissions.DockerWrite,
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
