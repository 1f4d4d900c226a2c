using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>Runs <see cref="UpdateDirectory"/> on this host.</summary>
internal static class UpdateDirectoryHandler
{
    private const int NewMode = 0x1ED; // 0755

    public static async Task<ChangePlan<DirectoryResult>> HandleAsync(UpdateDirectory request, Host host, CancellationToken cancellationToken)
    {
        var owner = DesiredOwner.Find(request.Owner, request.Group);
        var path = request.Path.Value;
        var found = await WithParentAsync(request, host, create: false, (directory, name) => Inspect(request, directory?.Stat(name)), cancellationToken);
        RequireUsers(host, found, owner);
        var differences = Differences(request, found, owner);
        return new()
        {
            Changes = differences.Count > 0,
            Before = differences.Count == 0 || found is null ? null : View(found.Value.Mode, found.Value.User, found.Value.Group),
            After = differences.Count == 0 ? null : View(request.Mode?.Bits ?? found?.Mode ?? NewMode, owner.User ?? found?.User ?? Accounts.EffectiveUser, owner.Group ?? found?.Group),
            Apply = async stop =>
            {
                using var fileLock = await FileLock.AcquireAsync(path, stop);
                var changed = await WithParentAsync(request, host, create: true, (directory, name) => Change(request, host, directory!, name, owner), stop);
                return new DirectoryResult { Path = path, Changed = changed.Count > 0, Differences = changed.Count > 0 ? changed : null };
            },
        };
    }

    private static Task<T> WithParentAsync<T>(UpdateDirectory request, Host host, bool create, Func<HostDirectory?, string, T> work, CancellationToken cancellationToken) => FileExchanges.RetryAsync(
        request.Path.Value,
        () => Task.FromResult(HostErrors.Named(request.Path.Value, () =>
        {
            using var directory = HostDirectory.OpenParent(host, request.Path.Value, create && request.CreateParents != false, toWrite: true, request.FollowLinks == true);
            if (directory is null && (create || request.CreateParents == false))
                throw new OperationException(ErrorType.NotFound, $"{request.Path} cannot be created: the directory {Path.GetDirectoryName(request.Path.Value)} does not exist (create_parents creates it)");
            return work(directory, Path.GetFileName(request.Path.Value));
        })),
        cancellationToken);

    private static FileStat? Inspect(UpdateDirectory request, FileStat? found) => found is null or { Kind: FileKind.Directory }
        ? found
        : throw new OperationException(ErrorType.Conflict, $"{request.Path} is {FileKindNames.Of(found.Value.Kind)}, not a directory");

    private static List<string> Change(UpdateDirectory request, Host host, HostDirectory parent, string name, DesiredOwner owner)
    {
        var found = Inspect(request, parent.Stat(name));
        RequireUsers(host, found, owner);
        var differences = Differences(request, found, owner);
        if (differences.Count == 0)
            return differences;
        if (found is null)
            DirectoryCalls.MakeDirectory(parent.Handle, name, request.Mode?.Bits ?? NewMode);
        using var opened = DirectoryCalls.OpenAt(parent.Handle, name, OpenFlags.ReadOnly | OpenFlags.OnlyDirectory | OpenFlags.NoFollow);
        var stat = FileStatCalls.StatOf(opened);
        // Made by us just now, or the one that was inspected: nobody may have put another one there.
        if (found is { } seen ? !stat.IsSame(seen) : stat.User != Accounts.EffectiveUser)
            throw new FileExchangedException(name);
        FileReplacement.SetOwnerAndMode(opened, request.Mode?.Bits ?? stat.Mode, owner.User, owner.Group);
        parent.Sync();
        return differences;
    }

    private static List<string> Differences(UpdateDirectory request, FileStat? found, DesiredOwner owner)
    {
        if (found is not { } stat)
            return ["missing"];
        List<string> differences = [];
        if (request.Mode is { } mode && mode.Bits != stat.Mode)
            differences.Add("mode");
        if (owner.User is { } user && user != stat.User)
            differences.Add("owner");
        if (owner.Group is { } group && group != stat.Group)
            differences.Add("group");
        return differences;
    }

    private static void RequireUsers(Host host, FileStat? found, DesiredOwner owner)
    {
        if (found is { } stat)
            host.RequireUserAllowed(stat.User);
        host.RequireUserAllowed(owner.User ?? found?.User ?? Accounts.EffectiveUser);
    }

    private static JsonElement View(int mode, uint user, uint? group)
    {
        JsonObject view = new() { ["mode"] = OctalMode.Format(mode), ["owner"] = Accounts.UserName(user) };
        if (group is { } id)
            view["group"] = Accounts.GroupName(id);
        return JsonElement.Parse(view.ToJsonString());
    }
}
