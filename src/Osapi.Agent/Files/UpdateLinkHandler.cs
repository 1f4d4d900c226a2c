using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>Runs <see cref="UpdateLink"/> on this host.</summary>
internal static class UpdateLinkHandler
{
    public static async Task<ChangePlan<LinkResult>> HandleAsync(UpdateLink request, Host host, CancellationToken cancellationToken)
    {
        var path = request.Path.Value;
        var found = await WithParentAsync(request, host, (directory, name) => Current(request, host, directory, name), cancellationToken);
        RequireDestination(request, host);
        var changes = found?.Destination != request.Destination;
        return new()
        {
            Changes = changes,
            Before = changes && found?.Destination is { } before ? View(before) : null,
            After = changes ? View(request.Destination) : null,
            Apply = async stop =>
            {
                using var fileLock = await FileLock.AcquireAsync(path, stop);
                return await WithParentAsync(request, host, (directory, name) => Change(request, host, directory, name), stop);
            },
        };
    }

    private static Task<T> WithParentAsync<T>(UpdateLink request, Host host, Func<HostDirectory, string, T> work, CancellationToken cancellationToken) => FileExchanges.RetryAsync(
        request.Path.Value,
        () => Task.FromResult(HostErrors.Named(request.Path.Value, () =>
        {
            using var directory = HostDirectory.OpenParent(host, request.Path.Value, create: false, toWrite: true, request.FollowLinks == true)
                ?? throw new OperationException(ErrorType.NotFound, $"{request.Path} cannot be created: the directory {Path.GetDirectoryName(request.Path.Value)} does not exist");
            return work(directory, Path.GetFileName(request.Path.Value));
        })),
        cancellationToken);

    private static LinkResult Change(UpdateLink request, Host host, HostDirectory directory, string name)
    {
        var found = Current(request, host, directory, name);
        if (found?.Destination == request.Destination)
            return new() { Path = request.Path.Value };
        var temporary = $".osapi-{Guid.NewGuid():N}";
        DirectoryCalls.MakeLink(directory.Handle, temporary, request.Destination);
        var made = directory.Stat(temporary);
        try
        {
            RenamePolicy.Over(found?.Stat).Place(directory, temporary, name, made ?? throw new FileExchangedException(name));
        }
        catch
        {
            if (made is { } ours && directory.Stat(temporary) is { } left && left.IsSameInode(ours))
                DirectoryCalls.Unlink(directory.Handle, temporary);
            throw;
        }

        directory.Sync();
        return new() { Path = request.Path.Value, Changed = true, Previous = found?.Destination };
    }

    private static Found? Current(UpdateLink request, Host host, HostDirectory directory, string name)
    {
        host.RequireUserAllowed(Accounts.EffectiveUser);
        if (directory.Stat(name) is not { } stat)
            return null;
        host.RequireUserAllowed(stat.User);
        if (stat.Kind == FileKind.Link)
        {
            using var link = DirectoryCalls.OpenAt(directory.Handle, name, OpenFlags.PathOnly | OpenFlags.NoFollow);
            return FileStatCalls.StatOf(link).IsSame(stat) ? new(stat, DirectoryCalls.ReadLink(link)) : throw new FileExchangedException(name);
        }

        if (stat.Kind == FileKind.Regular && request.Force == true)
            return new(stat, null);
        throw new OperationException(ErrorType.Conflict, $"{request.Path} is {FileKindNames.Of(stat.Kind)} and is not replaced{(stat.Kind == FileKind.Regular ? " without force" : "")}");
    }

    private static void RequireDestination(UpdateLink request, Host host)
    {
        if (request.MissingOk != false)
            return;
        var destination = Path.GetFullPath(request.Destination, Path.GetDirectoryName(request.Path.Value)!);
        using PathResolver walk = new(host.Root, destination) { FollowLinks = true };
        if (destination == "/" || (walk.ToFile(destination) is { } name && Exists(walk, name)))
            return;
        throw new OperationException(ErrorType.NotFound, $"{destination}, to which the link would lead, does not exist");
    }

    private static bool Exists(PathResolver walk, string name)
    {
        using var directory = walk.TakeHandle();
        return directory.Stat(name) is not null;
    }

    private static JsonElement View(string destination) => JsonElement.Parse(new JsonObject { ["destination"] = destination }.ToJsonString());

    private sealed record Found(FileStat Stat, string? Destination);
}
