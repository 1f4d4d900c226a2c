using Docker.DotNet.Models;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Docker;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Agent.Docker;

/// <summary>Runs <see cref="CreateContainer"/> on this host.</summary>
internal static class CreateContainerHandler
{
    public static async Task<HandlerResult<CreatedContainer>> HandleAsync(CreateContainer request, Host host, CancellationToken cancellationToken)
    {
        using var engine = await DockerEngine.OpenAsync(host, cancellationToken);
        RequirePaths(request, host);
        await engine.RequireImageAllowedAsync(host, request.Image.Value, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        // Not cancellable, or it would be unknown whether the container exists.
        var response = await engine.ChangeAsync(client => client.Containers.CreateContainerAsync(ContainerParameters.Of(request), CancellationToken.None));
        CreatedContainer created = new()
        {
            Id = response.ID,
            Name = request.Name?.Value ?? "",
            Image = request.Image.Value,
            State = "created",
            Warnings = response.Warnings is { Count: > 0 } warnings ? [.. warnings] : null,
            Changed = true,
        };
        if (request.AutoStart != false && await StartedAsync(engine, request, created, cancellationToken) is { } failure)
            return failure;
        try
        {
            var found = await engine.FindAsync(response.ID, cancellationToken);
            return created with { Name = ContainerMapping.Name(found.Name), State = found.State?.Status ?? "unknown", Created = ContainerMapping.Time(found.Created) };
        }
        catch (Exception exception) when (exception is OperationException or OperationCanceledException)
        {
            // The container exists; only its state could not be read.
            return created;
        }
    }

    // For a labelled path the engine would create a missing directory.
    private static void RequirePaths(CreateContainer request, Host host)
    {
        foreach (var volume in request.Volumes.Where(volume => volume.IsPath))
            host.RequireTreeAllowed(volume.Source);
        if (request.Volumes.FirstOrDefault(volume => volume is { IsPath: true, Label: not null } && !Path.Exists(host.FullPath(volume.Source))) is { } missing)
            throw new OperationException(ErrorType.NotFound, $"volumes: the path {missing.Source} does not exist on this host");
    }

    // Starts the container; returns the failed result, or null when it runs.
    private static async Task<HandlerResult<CreatedContainer>?> StartedAsync(DockerEngine engine, CreateContainer request, CreatedContainer created, CancellationToken cancellationToken)
    {
        try
        {
            await engine.QueryAsync(client => client.Containers.StartContainerAsync(created.Id, new ContainerStartParameters(), cancellationToken));
            return null;
        }
        catch (OperationException exception) when (request.KeepFailed == true)
        {
            return HandlerResult<CreatedContainer>.Failed(created, $"the container was created but does not start: {exception.Message}", exception.Type);
        }
        catch (OperationException exception)
        {
            return await RemovedAsync(engine, created) is { } left
                ? HandlerResult<CreatedContainer>.Failed(created, $"the container was created, does not start ({exception.Message}) and could not be removed: {left}", exception.Type)
                : throw new OperationException(exception.Type, $"the container does not start and was removed: {exception.Message}");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return request.KeepFailed == true ? HandlerResult<CreatedContainer>.Stopped("the container was created and is kept", created)
                : await RemovedAsync(engine, created) is { } left ? HandlerResult<CreatedContainer>.Stopped($"the container was created and could not be removed: {left}", created)
                : HandlerResult<CreatedContainer>.Stopped("the created container was removed");
        }
    }

    private static async Task<string?> RemovedAsync(DockerEngine engine, CreatedContainer created)
    {
        try
        {
            await engine.ChangeAsync(client => client.Containers.RemoveContainerAsync(created.Id, new() { Force = true, RemoveVolumes = true }, CancellationToken.None));
            return null;
        }
        catch (OperationException exception)
        {
            return exception.Message;
        }
    }
}
