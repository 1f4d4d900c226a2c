namespace Osapi.Operations.Users;

/// <summary>The result of the deletion of an account.</summary>
public sealed record DeleteUserResult
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>True when there was such an account.</summary>
    public bool Changed { get; init; }

    /// <summary>The home directory that was removed; null when none was.</summary>
    public string? Home { get; init; }

    /// <summary>The number of processes that were ended; null when none was.</summary>
    public int? Killed { get; init; }
}
