namespace Osapi.Operations.Tokens;

/// <summary>A revocation of one token, or of the tokens of a subject.</summary>
/// <param name="Id">The id of the token; for a subject, its name after <c>subject:</c>.</param>
/// <param name="RevokedAt">The time of the revocation, by the controller's clock.</param>
/// <param name="ExpiresAt">The time at which the last token that it concerns has expired; then the revocation is removed.</param>
public sealed record TokenRevocation(string Id, DateTimeOffset RevokedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>The subject whose tokens are revoked that were issued up to the revocation; null for a single token.</summary>
    public string? Subject { get; init; }

    /// <summary>The subject that revoked; null when it is not known.</summary>
    public string? RevokedBy { get; init; }

    /// <summary>The given reason; null for none.</summary>
    public string? Reason { get; init; }
}

/// <summary>The revocations that still matter, the newest first.</summary>
/// <param name="Items">The revocations.</param>
/// <param name="TotalItems">Their number.</param>
public sealed record RevokedTokens(IReadOnlyList<TokenRevocation> Items, int TotalItems);

/// <summary>The result of a revocation.</summary>
/// <param name="Message">The result in words.</param>
/// <param name="Revocation">The revocation.</param>
/// <param name="Changed">False when the token was revoked before.</param>
public sealed record RevocationChange(string Message, TokenRevocation Revocation, bool Changed);
