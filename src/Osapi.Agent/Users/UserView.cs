using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations.Users;

namespace Osapi.Agent.Users;

/// <summary>Describes users for results.</summary>
/// <param name="host">The host.</param>
/// <param name="database">Its accounts.</param>
internal sealed class UserView(Host host, AccountDatabase database)
{
    private readonly (uint First, uint Last) people = AccountFiles.RangeOf(host, "UID");

    public UserResult Of(PasswdEntry user, bool isLocal = true)
    {
        var password = database.Passwords is null || !isLocal ? null : PasswordField.Of(database, user);
        return new()
        {
            Name = user.Name,
            Uid = user.Uid,
            Gid = user.Gid,
            Group = database.Groups.FirstOrDefault(group => group.Gid == user.Gid)?.Name ?? Accounts.GroupName(user.Gid),
            Groups = database.GroupsOf(user.Name),
            Home = user.Home,
            Shell = user.Shell,
            Comment = user.Comment,
            Locked = password?.IsLocked,
            Password = password?.State,
            Expires = AccountExpiry.Of(database.FindPassword(user.Name)?.Expires),
            System = user.Uid < people.First || user.Uid > people.Last,
            Local = isLocal,
        };
    }
}
