namespace Osapi.Operations.Docker;

/// <summary>Starts a container. Nothing changes when it already runs.</summary>
public sealed record StartContainer
{
    /// <summary>The name or id of the container.</summary>
    public required ContainerName Id { get; init; }
}

public static partial class DockerOperations
{
    /// <inheritdoc cref="StartContainer"/>
    public static Operation<StartContainer, ContainerChange> Start { get; } = new("docker.start.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/container/docker/{id}/start"),
        Permission = Permissions.DockerWrite,
        Rights = "access to the engine's socket, which amounts to root",
        Request = DockerJson.Requests.StartContainer,
        Result = DockerJson.Results.ContainerChange,
        Timeout = static _ => TimeSpan.FromMinutes(2),
        Example = static () => (new() { Id = "web" }, new() { Id = "web", Message = "container started", Changed = true }),
    };
}

public sealed partial class DockerClient
{
    /// <inheritdoc cref="StartContainer"/>
    public Task<JobReply<ContainerChange>> StartAsync(Target target, ContainerName id, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(DockerOperations.Start, new() { Id = id }, target, options, cancellationToken);
}
