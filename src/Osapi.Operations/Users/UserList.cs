namespace Osapi.Operations.Users;

/// <summary>The accounts of a host.</summary>
public sealed record UserList
{
    /// <summary>The accounts, by number.</summary>
    public required IReadOnlyList<UserAccount> Users { get; init; }
}
