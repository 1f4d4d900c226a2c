using Osapi.Hosts.Tests.Users;
using Osapi.Operations.Files;
using Osapi.Operations.Groups;
using Osapi.Operations.Users;

namespace Osapi.Hosts.Tests.Checks;

/// <summary>Users, their passwords and keys, and groups, each of its own.</summary>
internal sealed class RandomAccounts(Random random) : RandomKinds(random)
{
    /// <summary>Lines of shell that remove the accounts of the plan before.</summary>
    public const string Clearing =
        "{ for each in $(grep -o '^user[0-9]*:' /etc/passwd | tr -d :); do userdel -rf $each; done; for each in $(grep -oE '^(group|user)[0-9]+:' /etc/group | tr -d :); do groupdel $each; done; rm -rf /home/user[0-9]*; } > /dev/null 2>&1 || true";

    /// <summary>Lines of shell that print what the operations could write outside of /etc.</summary>
    public const string Listing = "find /home -xdev -printf '%p %i %C@ %m %U %G %s\\n'";

    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFsLLGJvNX2muduionZfGAFf3fwVrcgkyvEv5JwwveOB law";

    private int accounts;

    public override IReadOnlyList<Func<IEnumerable<RandomTask>>> Kinds => [Account, Account, Password, Keys, DeleteAccount, Group, DeleteGroup];

    private IEnumerable<RandomTask> Account()
    {
        var (name, state, lines) = User();
        UpdateUser request = new()
        {
            Name = name,
            Uid = Once(3) ? 4100 + accounts : null,
            Groups = Once(2) ? [Pick("daemon", "no-such-group")] : null,
            Shell = Once(2) ? (FilePath)Pick("/bin/sh", "/bin/bash") : null,
            Comment = Once(2) ? Pick("", "One", "Another") : null,
            PasswordHash = Once(3) ? (PasswordHash)AccountFixture.Hash : null,
            Locked = Pick<bool?>(null, null, true, false),
            CreateHome = Pick<bool?>(null, null, false),
            Expires = Once(4) ? (AccountExpiry)"2031-02-03" : null,
        };
        return [After(state, lines, UserOperations.Update, request)];
    }

    private IEnumerable<RandomTask> Password()
    {
        var (name, state, lines) = User();
        return [After(state, lines, UserOperations.UpdatePassword, new() { Name = name, PasswordHash = AccountFixture.Hash, MustChange = OnceTrue(3), MaxDays = Once(3) ? 90 : null })];
    }

    private IEnumerable<RandomTask> Keys()
    {
        var (name, state, lines) = User();
        var before = Pick("true", $"mkdir -p /home/{name}/.ssh; echo '{Key}' > /home/{name}/.ssh/authorized_keys", $"mkdir -p /home/{name}/.ssh; echo '# none' > /home/{name}/.ssh/authorized_keys");
        UpdateAuthorizedKeys request = new() { Name = name, Keys = [Key], State = Once(3) ? AuthorizedKeyState.Absent : null };
        return [After($"{state}, {before}", $"{lines}; {before}; chown -R {name}: /home/{name} 2> /dev/null || true", UserOperations.UpdateKeys, request)];
    }

    private IEnumerable<RandomTask> DeleteAccount()
    {
        var (name, state, lines) = User();
        return [After(state, lines, UserOperations.Delete, new() { Name = name, Home = OnceTrue(2) })];
    }

    private IEnumerable<RandomTask> Group()
    {
        var (name, state, lines) = GroupState();
        UpdateGroup request = new() { Name = name, Gid = Once(3) ? 4200 + accounts : null, Members = Once(2) ? ["daemon"] : null };
        return [After(state, lines, GroupOperations.Update, request)];
    }

    private IEnumerable<RandomTask> DeleteGroup()
    {
        var (name, state, lines) = GroupState();
        return [After(state, lines, GroupOperations.Delete, new() { Name = name })];
    }

    private (UserName Name, string State, string Lines) User()
    {
        var name = $"user{accounts++}";
        var lines = Pick(
            "true",
            $"useradd -m {name}",
            $"useradd -M {name}",
            $"useradd -m -s /bin/sh -c One -G daemon {name}",
            $"useradd -m {name}; usermod -L {name}",
            $"useradd -m {name}; echo '{name}:{AccountFixture.Hash}' | chpasswd -e",
            $"useradd -m -e 2031-02-03 {name}; echo '{name}:{AccountFixture.OtherHash}' | chpasswd -e");
        return (name, lines, lines);
    }

    private (GroupName Name, string State, string Lines) GroupState()
    {
        var name = $"group{accounts++}";
        var lines = Pick("true", $"groupadd {name}", $"groupadd {name}; gpasswd -M daemon {name}", $"groupadd {name}; useradd -M -g {name} user{accounts++}");
        return (name, lines, lines);
    }
}
