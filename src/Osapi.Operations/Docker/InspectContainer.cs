namespace Osapi.Operations.Docker;

/// <summary>Returns the configuration and state of a container.</summary>
public sealed record InspectContainer
{
    /// <summary>The name or id of the container.</summary>
    public required ContainerName Id { get; init; }
}

public static partial class DockerOperations
{
    /// <inheritdoc cref="InspectContainer"/>
    public static Operation<InspectContainer, ContainerDetail> Inspect { get; } = new("docker.inspect.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/container/docker/{id}"),
        Permission = Permissions.DockerRead,
        Rights = "access to the engine's socket, which amounts to root",
        Request = DockerJson.Requests.InspectContainer,
        Result = DockerJson.Results.ContainerDetail,
        Example = static () => (
            new() { Id = "web" },
            new()
            {
                Id = DockerExamples.Id,
                Name = "web",
                Image = DockerExamples.Image,
                ImageId = DockerExamples.ImageId,
                State = "running",
                Created = DockerExamples.Created,
                StartedAt = DockerExamples.Created.AddSeconds(1),
                Command = ["httpd", "-f"],
                Env = ["LOG_LEVEL=info"],
                Ports = ["8080:80"],
                Mounts = ["/srv/web:/usr/share/web:ro"],
                Labels = new Dictionary<string, string> { ["team"] = "web" },
                ContainerHostname = "4f1e97748d48",
                Restart = "unless-stopped",
                Memory = 268435456,
                Cpus = 1.5,
                NetworkSettings = new() { Network = "bridge", IpAddress = "172.17.0.2", Gateway = "172.17.0.1" },
                Health = "healthy",
            }),
    };
}

public sealed partial class DockerClient
{
    /// <inheritdoc cref="InspectContainer"/>
    public Task<JobReply<ContainerDetail>> InspectAsync(Target target, ContainerName id, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(DockerOperations.Inspect, new() { Id = id }, target, options, cancellationToken);
}
