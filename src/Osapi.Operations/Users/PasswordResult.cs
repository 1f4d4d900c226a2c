namespace Osapi.Operations.Users;

/// <summary>The result of an update of a password.</summary>
public sealed record PasswordResult
{
    /// <summary>The name of the user.</summary>
    public required string Name { get; init; }

    /// <summary>True when something changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The members that differed, such as <c>password</c>; null when none did.</summary>
    public IReadOnlyList<string>? Differences { get; init; }
}
