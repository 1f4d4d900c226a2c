namespace Osapi.Operations.Users;

/// <summary>The keys with which a user can log in.</summary>
public sealed record AuthorizedKeyList
{
    /// <summary>The path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>The keys, in the order of the file.</summary>
    public required IReadOnlyList<AuthorizedKeySummary> Keys { get; init; }
}

/// <summary>One key of a user.</summary>
public sealed record AuthorizedKeySummary
{
    /// <summary>The type, such as <c>ssh-ed25519</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The fingerprint: <c>SHA256:</c> and the hash in base64.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The comment; null when there is none.</summary>
    public string? Comment { get; init; }

    /// <summary>The options that limit the key, such as <c>from="10.0.0.0/8"</c>; null when there are none.</summary>
    public string? Options { get; init; }
}
