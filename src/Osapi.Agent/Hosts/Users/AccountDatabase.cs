using System.Globalization;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Users;

/// <summary>The users and groups in the host's own files (passwd(5), group(5), shadow(5)), without those of directory services.</summary>
internal sealed record AccountDatabase
{
    /// <summary>The users, in the order of the file.</summary>
    public required IReadOnlyList<PasswdEntry> Users { get; init; }

    /// <summary>The groups, in the order of the file.</summary>
    public required IReadOnlyList<GroupEntry> Groups { get; init; }

    /// <summary>The passwords; null when the agent may not read them.</summary>
    public IReadOnlyList<ShadowEntry>? Passwords { get; init; }

    /// <summary>Reads the files.</summary>
    /// <exception cref="OperationException">The users or groups cannot be read.</exception>
    public static AccountDatabase Read(Host host) => new()
    {
        Users = [.. Lines(host.Read(AccountFiles.Passwd)).Select(PasswdEntry.Find).OfType<PasswdEntry>()],
        Groups = [.. Lines(host.Read(AccountFiles.Group)).Select(GroupEntry.Find).OfType<GroupEntry>()],
        Passwords = ReadPasswords(host),
    };

    /// <exception cref="OperationException">The agent may not read the passwords.</exception>
    public void RequirePasswords()
    {
        if (Passwords is null)
            throw new OperationException(ErrorType.Unavailable, $"{AccountFiles.Shadow} cannot be read: users and groups can only be changed by an agent that runs as root");
    }

    public PasswdEntry? FindUser(string name) => Users.FirstOrDefault(user => user.Name == name);

    public GroupEntry? FindGroup(string name) => Groups.FirstOrDefault(group => group.Name == name);

    public ShadowEntry? FindPassword(string name) => Passwords?.FirstOrDefault(entry => entry.Name == name);

    /// <summary>Gets the groups that list a user as a member, in the order of the file.</summary>
    public IReadOnlyList<string> GroupsOf(string user) => [.. Groups.Where(group => group.Members.Contains(user)).Select(group => group.Name)];

    private static IReadOnlyList<ShadowEntry>? ReadPasswords(Host host)
    {
        try
        {
            return [.. Lines(host.ReadFirst(AccountFiles.Shadow) ?? "").Select(ShadowEntry.Find).OfType<ShadowEntry>()];
        }
        catch (OperationException)
        {
            return null;
        }
    }

    private static IEnumerable<string[]> Lines(string text) => text.Split('\n').Select(line => line.Split(':'));
}

/// <summary>A user (passwd(5)).</summary>
internal sealed record PasswdEntry(string Name, string Password, uint Uid, uint Gid, string Comment, string Home, string Shell)
{
    /// <summary>Finds the user in the parts of a line; null for a comment, and for an entry that stands for a directory service.</summary>
    public static PasswdEntry? Find(string[] parts) =>
        parts is [{ Length: > 0 } name, var password, var uid, var gid, var comment, var home, var shell] && name[0] is not ('#' or '+' or '-') && IdText.Find(uid) is { } user && IdText.Find(gid) is { } group
            ? new(name, password, user, group, comment, home, shell)
            : null;
}

/// <summary>A group (group(5)).</summary>
internal sealed record GroupEntry(string Name, uint Gid, IReadOnlyList<string> Members)
{
    /// <summary>Finds the group in the parts of a line; null as for users.</summary>
    public static GroupEntry? Find(string[] parts) =>
        parts is [{ Length: > 0 } name, _, var gid, var members] && name[0] is not ('#' or '+' or '-') && IdText.Find(gid) is { } group
            ? new(name, group, members.Split(',', StringSplitOptions.RemoveEmptyEntries))
            : null;
}

/// <summary>A password (shadow(5)). A day counts from 1970; a number that is null is not given.</summary>
internal sealed record ShadowEntry(string Name, string Password, int? LastChange, int? MaxDays, int? WarnDays, int? Expires)
{
    public static ShadowEntry? Find(string[] parts) =>
        parts is [{ Length: > 0 } name, var password, var last, _, var max, var warn, _, var expires, ..] ? new(name, password, Days(last), Days(max), Days(warn), Days(expires)) : null;

    private static int? Days(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : null;
}

/// <summary>The number of a user or group as text.</summary>
internal static class IdText
{
    /// <summary>Converts text to a number; null for other text, and for the number that means none.</summary>
    public static uint? Find(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id != uint.MaxValue ? id : null;

    public static string Of(uint id) => id.ToString(CultureInfo.InvariantCulture);
}
