using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Osapi.Operations;

namespace Osapi.Controller.Auth;

/// <summary>The identity of an authenticated caller.</summary>
internal sealed class CallerIdentity(string subject, string? tokenId, IReadOnlyList<string> roles)
    : ClaimsIdentity([new("sub", subject), .. tokenId is null ? [] : new Claim[] { new("jti", tokenId) }, .. roles.Select(role => new Claim(TokenClaims.Roles, role))], "osapi")
{
    /// <summary>The subject.</summary>
    public string Subject => subject;

    /// <summary>The id of the token or the certificate; null when it has none.</summary>
    public string? TokenId => tokenId;

    /// <summary>The permissions.</summary>
    public required IReadOnlySet<string> Permissions { get; init; }

    /// <summary>The time of issue; for a token that does not state one, the earliest that its expiry permits.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The time before which it is not valid.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>The time at which it expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The targets that the token is limited to; null for no limit.</summary>
    public IReadOnlyList<Target>? Targets { get; init; }

    /// <summary>The operations that the token is limited to; null for no limit.</summary>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>Gets the caller of a request; null when it is not authenticated.</summary>
    public static CallerIdentity? Of(HttpContext context) => context.User.Identity as CallerIdentity;
}
