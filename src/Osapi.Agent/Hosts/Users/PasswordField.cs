using Osapi.Operations.Users;

namespace Osapi.Agent.Hosts.Users;

/// <summary>The field of a password (shadow(5)): a hash or something that is none, behind a <c>!</c> when it is locked.</summary>
/// <param name="IsLocked">True when it begins with <c>!</c>.</param>
/// <param name="Hash">The rest.</param>
internal sealed record PasswordField(bool IsLocked, string Hash)
{
    private const string None = "*";

    /// <summary>The text of the field.</summary>
    public string Text => (IsLocked ? "!" : "") + Hash;

    /// <summary>True when the account has or had a password.</summary>
    public bool HasPassword => Hash.Length > 0 && !Hash.StartsWith('*');

    /// <summary>The state for results.</summary>
    public PasswordState State => IsLocked || Hash.StartsWith('*') ? PasswordState.Locked : Hash.Length == 0 ? PasswordState.None : PasswordState.Set;

    /// <summary>Gets the field of a user. It may be in passwd(5) itself, where it is readable by everybody.</summary>
    public static PasswordField Of(AccountDatabase database, PasswdEntry user) =>
        database.FindPassword(user.Name) is { } entry ? Parse(entry.Password) : user.Password == "x" ? Parse("!") : Parse(user.Password);

    /// <summary>Computes the field after an update.</summary>
    /// <param name="hash">The requested hash; null when it stays.</param>
    /// <param name="locked">The requested lock; null when it stays.</param>
    /// <returns>Null when it would let anybody in without a password.</returns>
    public PasswordField? With(PasswordHash? hash, bool? locked)
    {
        var text = hash?.Value.TrimStart('!') ?? Hash;
        // The lone ! of a new account is no lock that somebody set.
        var isLocked = locked ?? (hash is null ? IsLocked : hash.Value == "!" || (IsLocked && Hash.Length > 0));
        return isLocked || text.Length > 0 || (hash is null && !IsLocked) ? new(isLocked, text) : null;
    }

    /// <summary>Gets the field of a new account.</summary>
    public static PasswordField New { get; } = new(IsLocked: true, "");

    private static PasswordField Parse(string text) => text == "x" ? new(IsLocked: false, None) : new(text.StartsWith('!'), text.TrimStart('!'));
}
