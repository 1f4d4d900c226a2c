using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>Which containers to list.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ContainerState>))]
public enum ContainerState
{
    /// <summary>Every container.</summary>
    All,

    /// <summary>Those whose program has been started and has not ended: running, paused and restarting ones.</summary>
    Running,

    /// <summary>The others: created, exited and dead ones.</summary>
    Stopped,
}

/// <summary>Lists the containers of a host, the newest first.</summary>
public sealed record ListContainers
{
    /// <summary>Which ones: all, running or stopped; all when not given.</summary>
    public ContainerState? State { get; init; }

    /// <summary>The most to list, 1 to 1000; 20 when not given.</summary>
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
