namespace Osapi.Operations.Users;

/// <summary>The result of an update of the keys of a user.</summary>
public sealed record AuthorizedKeyResult
{
    /// <summary>The path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>True when the file was changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The fingerprints of the keys that were added; null when none was.</summary>
    public IReadOnlyList<string>? Added { get; init; }

    /// <summary>The fingerprints of the keys whose options or comment changed; null when none did.</summary>
    public IReadOnlyList<string>? Updated { get; init; }

    /// <summary>The fingerprints of the keys that were removed; null when none was.</summary>
    public IReadOnlyList<string>? Removed { get; init; }
}
