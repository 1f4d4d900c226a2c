namespace Osapi.Operations.Users;

/// <summary>The account of a user on a host.</summary>
public record UserAccount
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The number of the user.</summary>
    public long Uid { get; init; }

    /// <summary>The number of the primary group.</summary>
    public long Gid { get; init; }

    /// <summary>The name of the primary group; its number when it has no name.</summary>
    public required string Group { get; init; }

    /// <summary>The other groups, by name.</summary>
    public IReadOnlyList<string> Groups { get => field ?? []; init; }

    /// <summary>The home directory, which need not exist.</summary>
    public required string Home { get; init; }

    /// <summary>The program that a login starts; empty for <c>/bin/sh</c>.</summary>
    public required string Shell { get; init; }

    /// <summary>The comment, such as the full name.</summary>
    public string Comment { get => field ?? ""; init; }

    /// <summary>True when the password is locked. Logins with a key are possible nevertheless; null when the agent may not read it.</summary>
    public bool? Locked { get; init; }

    /// <summary>The state of the password; null when the agent may not read it.</summary>
    public PasswordState? Password { get; init; }

    /// <summary>The date from which the account cannot be used, as <c>2027-01-31</c>; null for never.</summary>
    public string? Expires { get; init; }

    /// <summary>True when the number is outside of the range of people's accounts (<c>UID_MIN</c> to <c>UID_MAX</c> in login.defs(5)).</summary>
    public bool System { get; init; }

    /// <summary>False for an account of a directory service, which the operations do not change.</summary>
    public bool Local { get; init; }
}
