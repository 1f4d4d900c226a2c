using System.Security.Claims;
using Osapi.Controller.Auth;

namespace Osapi.Controller.Runs.Detached;

/// <summary>The caller of a detached run: who handed it over, and what it was permitted then.</summary>
internal sealed record RunGrant
{
    public required string Subject { get; init; }

    /// <summary>The id of the token; null for a token without one.</summary>
    public string? TokenId { get; init; }

    /// <summary>The time at which the token was issued, in seconds since 1970.</summary>
    public long IssuedAt { get; init; }

    public IReadOnlyList<string> Roles { get => field ?? []; init; }

    /// <summary>The permissions, those of the roles included.</summary>
    public IReadOnlyList<string> Permissions { get => field ?? []; init; }

    /// <summary>The targets that the token is limited to; null for no limit.</summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>The operations that the token is limited to; null for no limit.</summary>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>Gets the grant of the caller of a request.</summary>
    public static RunGrant Of(ClaimsPrincipal caller)
    {
        var identity = caller.Identity as CallerIdentity ?? throw new InvalidOperationException("The caller is not authenticated.");
        return new()
        {
            Subject = identity.Subject,
            TokenId = identity.TokenId,
            IssuedAt = identity.IssuedAt.ToUnixTimeSeconds(),
            Roles = [.. identity.FindAll(TokenClaims.Roles).Select(claim => claim.Value)],
            Permissions = [.. identity.Permissions.Order(StringComparer.Ordinal)],
            Targets = identity.Targets?.Select(target => target.Text).ToList(),
            Operations = identity.Operations,
        };
    }
}
