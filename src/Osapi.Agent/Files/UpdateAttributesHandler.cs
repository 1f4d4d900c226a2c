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

/// <summary>Runs <see cref="UpdateAttributes"/> on this host.</summary>
internal static class UpdateAttributesHandler
{
    public static async Task<ChangePlan<AttributesResult>> HandleAsync(UpdateAttributes request, Host host, CancellationToken cancellationToken)
    {
        AttributeChange change = new(request.Mode, DesiredOwner.Find(request.Owner, request.Group));
        var found = await WithPlaceAsync(request, host, (directory, name, place, stat) => Look(request, host, change, directory, name, place, stat, cancellationToken), cancellationToken);
        return new()
        {
            Changes = found.Differences.Count > 0,
            Before = found.Differences.Count > 0 ? View(found.Stat.Mode, found.Stat.User, found.Stat.Group, found.IsImmutable, null) : null,
            After = found.Differences.Count > 0 ? View(change.ModeAfter(found.Stat), change.UserAfter(found.Stat), change.GroupAfter(found.Stat), request.Immutable, found.Tree?.Touched) : null,
            Apply = async stop =>
            {
                using var fileLock = await FileLock.AcquireAsync(request.Path.Value, stop);
                return await WithPlaceAsync(request, host, (directory, name, place, stat) => Change(request, host, change, directory, name, place, stat, stop), stop);
            },
        };
    }

    private static Task<T> WithPlaceAsync<T>(UpdateAttributes request, Host host, Func<HostDirectory, string, SafeFileHandle, FileStat, T> work, CancellationToken cancellationToken) => FileExchanges.RetryAsync(
        request.Path.Value,
        () => Task.FromResult(HostErrors.Named(request.Path.Value, () =>
        {
            var path = request.Path.Value;
            host.RequireAllowed(path);
            using PathResolver walk = new(host.Root, path) { FollowLinks = request.FollowLinks == true };
            var name = request.Follow == true ? walk.ToFile(path) : walk.To(Path.GetDirectoryName(path)!) ? Path.GetFileName(path) : null;
            using var directory = walk.TakeHandle();
            if (name is null || directory.Stat(name) is not { } stat)
                throw new OperationException(ErrorType.NotFound, $"{path} does not exist");
            host.RequireAllowed(directory, name);
            if (stat.Kind == FileKind.Link)
                throw new OperationException(ErrorType.Conflict, $"{path} is a symbolic link, which has no attributes of its own (follow changes what it leads to)");
            using var place = DirectoryCalls.OpenAt(directory.Handle, name, OpenFlags.PathOnly | OpenFlags.NoFollow);
            var opened = FileStatCalls.StatOf(place);
            return opened.IsSame(stat) ? work(directory, name, place, opened) : throw new FileExchangedException(name);
        })),
        cancellationToken);

    // Everything is looked at before anything is changed.
    private static Found Look(UpdateAttributes request, Host host, AttributeChange change, HostDirectory directory, string name, SafeFileHandle place, FileStat stat, CancellationToken cancellationToken)
    {
        host.RequireUserAllowed(stat.User);
        host.RequireUserAllowed(change.UserAfter(stat));
        List<string> differences = [.. change.Differences(stat)];
        if (differences.Count > 0 && stat is { Kind: not FileKind.Directory, Links: > 1 } && !directory.IsTrusted)
            throw new OperationException(ErrorType.Conflict, $"{request.Path} has other names (hard links), which users may have made of a file that is not theirs, and is not changed");
        AttributeTree? tree = null;
        if (request.Recurse == true && stat.Kind == FileKind.Directory)
        {
            var real = Path.Join(RealPath.Of(host, directory.Handle), name);
            ProtectedDirectories.Require(host, real, "changed with everything in it");
            host.RequireTreeAllowed(real);
            tree = new(host, change, request.Path.Value);
            tree.Look(directory, name, stat, cancellationToken);
            differences = [.. differences.Union(tree.Differences)];
        }

        var isImmutable = request.Immutable is null ? null : IsImmutable(request, directory, name, stat);
        if (request.Immutable is { } wanted && isImmutable != wanted)
            differences.Add("immutable");
        return new(stat, differences, tree, isImmutable);
    }

    private static AttributesResult Change(UpdateAttributes request, Host host, AttributeChange change, HostDirectory directory, string name, SafeFileHandle place, FileStat stat, CancellationToken cancellationToken)
    {
        var found = Look(request, host, change, directory, name, place, stat, cancellationToken);
        AttributesResult result = new()
        {
            Path = request.Path.Value,
            Touched = found.Tree is { } seen ? seen.Touched + (change.Differences(stat).Count > 0 ? 1 : 0) : request.Recurse == true ? found.Differences.Count > 0 ? 1 : 0 : null,
            Skipped = found.Tree is { Skipped: > 0 and var skipped } ? skipped : null,
        };
        if (found.Differences.Count == 0)
            return result;
        // One that nobody can change must become changeable first, also when it stays immutable in the end.
        using var opened = request.Immutable is null ? null : directory.OpenSame(name, stat);
        if (opened is not null && found.IsImmutable == true && (request.Immutable == false || change.Differences(stat).Count > 0))
            AttributeCalls.SetImmutable(opened, false);
        found.Tree?.Change(directory, name, stat, cancellationToken);
        if (change.Differences(stat).Count > 0)
            change.Apply(place, stat);
        if (opened is not null && request.Immutable == true)
            AttributeCalls.SetImmutable(opened, true);
        return result with { Changed = true, Differences = found.Differences };
    }

    private static bool? IsImmutable(UpdateAttributes request, HostDirectory directory, string name, FileStat stat)
    {
        if (stat.Kind is not (FileKind.Regular or FileKind.Directory))
            throw new OperationException(ErrorType.Conflict, $"{request.Path} is {FileKindNames.Of(stat.Kind)}, which cannot be immutable");
        using var file = directory.OpenSame(name, stat);
        return AttributeCalls.IsImmutable(file)
            ?? (request.Immutable == true ? throw new OperationException(ErrorType.Unavailable, $"{request.Path} is in a file system that has no immutable files") : false);
    }

    private static JsonElement View(int mode, uint user, uint group, bool? isImmutable, long? touched)
    {
        JsonObject view = new() { ["mode"] = OctalMode.Format(mode), ["owner"] = Accounts.UserName(user), ["group"] = Accounts.GroupName(group) };
        if (isImmutable is not null)
            view["immutable"] = isImmutable;
        if (touched is not null)
            view["touched_below"] = touched;
        return JsonElement.Parse(view.ToJsonString());
    }

    private sealed record Found(FileStat Stat, IReadOnlyList<string> Differences, AttributeTree? Tree, bool? IsImmutable);
}
