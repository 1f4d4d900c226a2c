using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>Stops a container: its program gets a stop signal, and is killed after the grace period. Nothing changes when it does not run.</summary>
public sealed record StopContainer
{
    /// <summary>The name or id of the container.</summary>
    public required ContainerName Id { get; init; }

    /// <summary>Grace period in seconds before the program is killed, 0 to 300; default: 10.</summary>
    [Range(0, 300)]
    public int? Timeout { get; init; }

    internal const int DefaultTimeout = 10;
}

public static partial class DockerOperations
{
    /// <inheritdoc cref="StopContainer"/>
    public static Operation<StopContainer, ContainerChange> Stop { get; } = new("docker.stop.execute", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/container/docker/{id}/stop"),
        Permission = Permissions.DockerWrite,
        Rights = "access to the engine's socket, which amounts to root",
        Request = DockerJson.Requests.StopContainer,
        Result = DockerJson.Results.ContainerChange,
        // The engine needs additional time when it has to kill the program.
        Timeout = static request => TimeSpan.FromSeconds((request.Timeout ?? StopContainer.DefaultTimeout) + 30),
        Example = static () => (new() { Id = "web", Timeout = 30 }, new() { Id = "web", Message = "container stopped", Changed = true }),
    };
}

public sealed partial class DockerClient
{
    /// <inheritdoc cref="StopContainer"/>
    public Task<JobReply<ContainerChange>> StopAsync(Target target, StopContainer request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(DockerOperations.Stop, request, target, options, cancellationToken);
}
