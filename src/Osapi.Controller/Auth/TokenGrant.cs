namespace Osapi.Controller.Auth;

/// <summary>The content of a token.</summary>
public sealed record TokenGrant
{
    /// <summary>The subject: the user or the program that has the token.</summary>
    public required string Subject { get; init; }

    /// <summary>The roles; null and none are the same.</summary>
    public IReadOnlyList<string> Roles { get => field ?? []; init; }

    /// <summary>Permissions that replace those of the roles; an empty list for none, null to use the roles.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>The targets that the token is limited to; null for no limit.</summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>The operations that the token is limited to, such as <c>node.hostname.get</c> or <c>docker.*</c>; null for no limit.</summary>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>The id by which it can be revoked; null for a random one.</summary>
    public string? Id { get; init; }

    /// <summary>The lifetime, at most <see cref="Tokens.MaxLifetime"/>.</summary>
    public required TimeSpan Lifetime { get; init; }
}
