using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations;
using Osapi.Operations.Users;

namespace Osapi.Agent.Users;

/// <summary>Compares an account with the request for it.</summary>
internal static class UserComparison
{
    public static UserChange Of(UpdateUser request, Host host, AccountDatabase database, PasswdEntry found)
    {
        var references = UserReferences.Resolve(request, host, database);
        UserChange change = new() { Found = found };
        if ((uint?)request.Uid is { } uid && uid != found.Uid)
            change.Add("uid", found.Uid, uid, "-u", IdText.Of(uid));
        if (references.Gid is { } gid && gid != found.Gid)
            change.Add("group", NameOf(database, found.Gid), NameOf(database, gid), "-g", IdText.Of(gid));
        AddGroups(change, request, references, database);
        AddHome(change, request, host);
        if (request.Shell is { } shell && shell.Value != found.Shell)
            change.Add("shell", found.Shell, shell.Value, "-s", shell.Value);
        if (request.Comment is { } comment && comment != found.Comment)
            change.Add("comment", found.Comment, comment, "-c", comment);
        AddPassword(change, request, database);
        var expires = database.FindPassword(found.Name)?.Expires;
        if (request.Expires is { } expiry && expiry.Days != expires)
            change.Add("expires", AccountExpiry.Of(expires) ?? "never", expiry.Value, "-e", expiry.Days is { } days ? IdText.Of((uint)days) : "");
        // usermod refuses these too, but only when it runs.
        if ((change.Differences.Contains("uid") || change.Differences.Contains("home")) && UserProcesses.Of(found.Uid) is { Count: > 0 } processes)
            throw new OperationException(ErrorType.Conflict, $"{string.Join(" and ", change.Differences.Where(name => name is "uid" or "home"))} cannot change while processes run as {found.Name}: {UserProcesses.Describe(processes)}");
        return change;
    }

    // The primary group needs no entry, and keeps one that it has.
    private static void AddGroups(UserChange change, UpdateUser request, UserReferences references, AccountDatabase database)
    {
        if (references.Groups is not { } wanted)
            return;
        var listed = database.GroupsOf(change.Found!.Name);
        var primary = NameOf(database, references.Gid ?? change.Found.Gid);
        var kept = request.GroupsExclusive == true ? listed.Where(wanted.Contains) : listed;
        List<string> groups = [.. kept.Union(wanted.Where(name => name != primary), StringComparer.Ordinal)];
        if (!groups.ToHashSet(StringComparer.Ordinal).SetEquals(listed))
            change.Add("groups", UserChange.List(listed), UserChange.List(groups), "-G", string.Join(',', groups));
    }

    private static void AddHome(UserChange change, UpdateUser request, Host host)
    {
        if (request.Home is not { } home || home.Value == change.Found!.Home.TrimEnd('/'))
            return;
        host.RequireAllowed(home.Value);
        if (request.MoveHome == true)
        {
            host.RequireTreeAllowed(change.Found.Home);
            HomeDirectory.RequireMovable(host, change.Found.Home.TrimEnd('/'), home.Value, change.Found.Uid);
        }

        change.Add("home", change.Found.Home, home.Value, request.MoveHome == true ? ["-d", home.Value, "-m"] : ["-d", home.Value]);
    }

    private static void AddPassword(UserChange change, UpdateUser request, AccountDatabase database)
    {
        var current = PasswordField.Of(database, change.Found!);
        var isKept = request.PasswordWhen == PasswordPolicy.OnCreate && current.HasPassword;
        var field = current.With(isKept ? null : request.PasswordHash, request.Locked)
            ?? throw new OperationException(ErrorType.Conflict, $"locked: {change.Found!.Name} has no password to unlock (password_hash gives it one)");
        if (field.Hash != current.Hash)
            change.AddPassword(field);
        if (field.IsLocked != current.IsLocked && (request.Locked is not null || field.Hash == current.Hash))
            change.Add("locked", current.IsLocked, field.IsLocked, change.Password is null ? [field.IsLocked ? "-L" : "-U"] : []);
    }

    private static string NameOf(AccountDatabase database, uint gid) => database.Groups.FirstOrDefault(group => group.Gid == gid)?.Name ?? IdText.Of(gid);
}
