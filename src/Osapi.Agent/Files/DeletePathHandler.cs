using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>Runs <see cref="DeletePath"/> on this host.</summary>
internal static class DeletePathHandler
{
    public static async Task<ChangePlan<DeletePathResult>> HandleAsync(DeletePath request, Host host, CancellationToken cancellationToken)
    {
        ProtectedDirectories.Require(host, request.Path.Value, "removed");
        var found = await WithParentAsync(request, host, (directory, name) => Look(request, host, directory, name, cancellationToken), cancellationToken);
        return new()
        {
            Changes = found is not null,
            Before = found is null ? null : JsonElement.Parse(new JsonObject { ["entries"] = found.Removed, ["bytes"] = found.Bytes }.ToJsonString()),
            Apply = async stop =>
            {
                using var fileLock = await FileLock.AcquireAsync(request.Path.Value, stop);
                return await WithParentAsync(request, host, (directory, name) => Remove(request, host, directory, name, stop), stop) ?? new() { Path = request.Path.Value };
            },
        };
    }

    private static Task<T?> WithParentAsync<T>(DeletePath request, Host host, Func<HostDirectory, string, T?> work, CancellationToken cancellationToken)
        where T : class => FileExchanges.RetryAsync(
        request.Path.Value,
        () => Task.FromResult(HostErrors.Named(request.Path.Value, () =>
        {
            using var directory = HostDirectory.OpenParent(host, request.Path.Value, create: false, followLinks: request.FollowLinks == true);
            return directory is null ? null : work(directory, Path.GetFileName(request.Path.Value));
        })),
        cancellationToken);

    // Everything is looked at before anything is removed.
    private static DeletePathResult? Look(DeletePath request, Host host, HostDirectory parent, string name, CancellationToken cancellationToken)
    {
        if (parent.Stat(name) is not { } stat)
            return null;
        host.RequireUserAllowed(stat.User);
        if (request.Only is { } only && KindOf(stat.Kind) != only)
            throw new OperationException(ErrorType.Conflict, $"{request.Path} is {FileKindNames.Of(stat.Kind)} and is not removed, because only a {only.ToString().ToLowerInvariant()} is to be");
        if (stat.Kind != FileKind.Directory)
            return new() { Path = request.Path.Value, Changed = true, Removed = 1, Bytes = stat.Kind == FileKind.Regular ? stat.Size : 0 };
        host.RequireTreeAllowed(request.Path.Value);
        using var directory = Open(parent, name, stat);
        FileTree tree = new(request.Path.Value);
        tree.Count(directory, cancellationToken);
        if (tree.Entries > 0 && request.Recursive != true)
            throw new OperationException(ErrorType.Conflict, $"{request.Path} is not empty and is not removed without recursive");
        return new() { Path = request.Path.Value, Changed = true, Removed = tree.Entries + 1, Bytes = tree.Bytes };
    }

    private static DeletePathResult? Remove(DeletePath request, Host host, HostDirectory parent, string name, CancellationToken cancellationToken)
    {
        if (Look(request, host, parent, name, cancellationToken) is not { } seen || parent.Stat(name) is not { } stat)
            return null;
        if (stat.Kind != FileKind.Directory)
        {
            parent.Remove(name, stat);
            return seen;
        }

        using var directory = Open(parent, name, stat);
        FileTree tree = new(request.Path.Value);
        tree.Empty(directory, cancellationToken);
        DirectoryCalls.RemoveDirectory(parent.Handle, name);
        parent.Sync();
        return seen with { Removed = tree.Entries + 1, Bytes = tree.Bytes };
    }

    private static SafeFileHandle Open(HostDirectory parent, string name, FileStat seen)
    {
        var directory = DirectoryCalls.OpenAt(parent.Handle, name, OpenFlags.ReadOnly | OpenFlags.OnlyDirectory | OpenFlags.NoFollow);
        var stat = FileStatCalls.StatOf(directory);
        if (!stat.IsSame(seen))
        {
            directory.Dispose();
            throw new FileExchangedException(name);
        }

        if (stat.Mount == FileStatCalls.StatOf(parent.Handle).Mount)
            return directory;
        directory.Dispose();
        throw new OperationException(ErrorType.Conflict, $"{Path.Join(parent.Path, name)} is a mount point and is not removed");
    }

    private static DeletedKind KindOf(FileKind kind) => kind switch { FileKind.Directory => DeletedKind.Directory, FileKind.Link => DeletedKind.Link, _ => DeletedKind.File };
}
