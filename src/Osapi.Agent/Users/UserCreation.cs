using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations;
using Osapi.Operations.Users;

namespace Osapi.Agent.Users;

/// <summary>Computes the creation of an account.</summary>
internal static class UserCreation
{
    public static UserChange Of(UpdateUser request, Host host, AccountDatabase database)
    {
        var name = request.Name.Value;
        if (name.Any(char.IsAsciiLetterUpper))
            throw new OperationException(ErrorType.Invalid, $"there is no user {name} on this host, and a new one must have a name without capital letters");
        var references = UserReferences.Resolve(request, host, database);
        var home = request.Home?.Value ?? $"{AccountFiles.HomesOf(host)}/{name}";
        host.RequireAllowed(home);

        UserChange change = new();
        change.Differences.Add("missing");
        if ((uint?)request.Uid is { } uid)
            change.Add("uid", null, uid, "-u", IdText.Of(uid));
        // A group of the same name would be in the way of the one that a host makes for each user.
        if ((references.Gid ?? database.FindGroup(name)?.Gid) is { } gid)
            change.Add("group", null, database.Groups.FirstOrDefault(group => group.Gid == gid)?.Name ?? IdText.Of(gid), "-g", IdText.Of(gid));
        if (references.Groups is { Count: > 0 } groups)
            change.Add("groups", null, UserChange.List(groups), "-G", string.Join(',', groups));
        change.Add("home", null, home, request.Home is null ? [] : ["-d", home]);
        AddHome(change, request, host, home);
        if (request.Shell is { } shell)
            change.Add("shell", null, shell.Value, "-s", shell.Value);
        if (request.Comment is { } comment)
            change.Add("comment", null, comment, "-c", comment);
        if (request.System == true)
            change.Add("system", null, true, "-r");
        if (request.Expires?.Days is { } days)
            change.Add("expires", null, request.Expires.Value, "-e", IdText.Of((uint)days));
        var field = PasswordField.New.With(request.PasswordHash, request.Locked)
            ?? throw new OperationException(ErrorType.Conflict, "locked: a new account has no password to unlock (password_hash gives it one)");
        if (field != PasswordField.New)
            change.AddPassword(field);
        return change;
    }

    private static void AddHome(UserChange change, UpdateUser request, Host host, string home)
    {
        if (!(request.CreateHome ?? request.System != true))
        {
            change.Options.Add("-M");
            return;
        }

        HomeDirectory.RequireNew(host, home, (uint?)request.Uid);
        change.Add("create_home", null, true, request.Skeleton is { } skeleton ? ["-m", "-k", skeleton.Value] : ["-m"]);
        if (request.Skeleton is { } source)
            host.RequireTreeAllowed(source.Value);
    }
}
