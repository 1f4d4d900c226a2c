using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>The filter for a list of containers by state.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ContainerState>))]
public enum ContainerState
{
    /// <summary>Every container.</summary>
    All,

    /// <summary>Containers whose program was started and has not ended: running, paused and restarting.</summary>
    Running,

    /// <summary>All other containers: created, exited and dead.</summary>
    Stopped,
}

/// <summary>Lists the containers of a host, newest first.</summary>
public sealed record ListContainers
{
    /// <summary>The containers to list: all, running or stopped; default: all.</summary>
    public ContainerState? State { get; init; }

    /// <summary>The maximum number of containers, 1 to 1000; default: 20.</summary>
    [Range(1, 1000)]
    public int? Limit { get; init; }
}

public static partial class DockerOperations
{
    /// <inheritdoc cref="ListContainers"/>
    public static Operation<ListContainers, ContainerList> List { get; } = new("docker.list.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/container/docker"),
        Permission = Permissions.DockerRead,
        Rights = "access to the engine's socket, which amounts to root",
        Request = DockerJson.Requests.ListContainers,
        Result = DockerJson.Results.ContainerList,
        Example = static () => (
            new() { State = ContainerState.Running, Limit = 10 },
            new()
            {
                Containers = [new() { Id = DockerExamples.Id, Name = "web", Image = DockerExamples.Image, State = "running", Created = DockerExamples.Created }],
                Total = 1,
            }),
    };
}

public sealed partial class DockerClient
{
    /// <inheritdoc cref="ListContainers"/>
    public Task<JobReply<ContainerList>> ListAsync(Target target, ListContainers? request = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(DockerOperations.List, request ?? new(), target, options, cancellationToken);
}
