using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Users;

namespace Osapi.Agent.Users;

/// <summary>The things of the host to which a request for an account refers.</summary>
/// <param name="Gid">The primary group; null when none is requested.</param>
/// <param name="Groups">The other groups; null when none are requested.</param>
internal sealed record UserReferences(uint? Gid, IReadOnlyList<string>? Groups)
{
    /// <summary>Resolves them.</summary>
    /// <exception cref="OperationException">Some do not exist, which the message lists, or the number is in use.</exception>
    public static UserReferences Resolve(UpdateUser request, Host host, AccountDatabase database)
    {
        List<string> problems = [];
        var gid = request.Group is { } primary ? FindGroup(primary, database) : null;
        if (request.Group is not null && gid is null)
            problems.Add($"group: there is no group {request.Group} on this host");
        foreach (var name in (request.Groups ?? []).Select(group => group.Value).Where(name => database.FindGroup(name) is null))
            problems.Add(Accounts.FindGroup(name) is null ? $"groups: there is no group {name} on this host" : throw AccountErrors.NotLocal("group", name));
        if (request.Shell is { } shell && !File.Exists(host.FullPath(shell.Value)))
            problems.Add($"shell: there is no file {shell} on this host");
        if (request.Skeleton is { } skeleton && !Directory.Exists(host.FullPath(skeleton.Value)))
            problems.Add($"skeleton: there is no directory {skeleton} on this host");
        if (problems.Count > 0)
            throw new OperationException(ErrorType.NotFound, string.Join("; ", problems));
        RequireFree(request, database);
        return new(gid, request.Groups?.Select(group => group.Value).ToList());
    }

    // As with chown(1), a name of digits takes precedence over the number.
    private static uint? FindGroup(AccountName group, AccountDatabase database)
    {
        if (database.FindGroup(group.Value) is { } local)
            return local.Gid;
        return IdText.Find(group.Value) is not { } gid || database.Groups.Any(entry => entry.Gid == gid) || Accounts.GroupName(gid) != IdText.Of(gid)
            ? Accounts.FindGroup(group.Value)
            : null;
    }

    private static void RequireFree(UpdateUser request, AccountDatabase database)
    {
        if ((uint?)request.Uid is not { } uid || database.FindUser(request.Name.Value)?.Uid == uid)
            return;
        var holder = database.Users.FirstOrDefault(user => user.Uid == uid)?.Name ?? Accounts.UserName(uid);
        if (holder != IdText.Of(uid))
            throw new OperationException(ErrorType.Conflict, $"the number {IdText.Of(uid)} is that of the user {holder}");
    }
}
