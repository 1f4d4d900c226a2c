namespace Osapi.Operations.Users;

/// <summary>The result of an update of an account: the account as it is now.</summary>
public sealed record UserResult : UserAccount
{
    /// <summary>True when the account was created or changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The members that differed, such as <c>shell</c>, or <c>missing</c> for a new account; null when none did.</summary>
    public IReadOnlyList<string>? Differences { get; init; }
}
