using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Osapi.Controller.Auth;

/// <summary>Creates bearer tokens (RFC 7519, HS256).</summary>
/// <param name="key">The key that signs them.</param>
/// <param name="time">The clock.</param>
public sealed class Tokens(SigningKey key, TimeProvider time)
{
    /// <summary>The issuer that a token must name.</summary>
    public const string Issuer = "osapi";

    /// <summary>The audience that a token must name.</summary>
    public const string Audience = "osapi";

    /// <summary>The default lifetime of a token: 90 days.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(90);

    /// <summary>The longest lifetime of a token: 3,650 days. A revocation is kept for as long.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(3650);

    internal static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Creates a signed token.</summary>
    /// <param name="subject">The subject, which appears in the audit log.</param>
    /// <param name="roles">Its roles.</param>
    /// <param name="permissions">Permissions that replace those of the roles; none to use the roles.</param>
    /// <param name="lifetime">The lifetime.</param>
    public string Generate(string subject, IReadOnlyList<string> roles, IReadOnlyList<string> permissions, TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(permissions);
        return Generate(new() { Subject = subject, Roles = roles, Permissions = permissions.Count > 0 ? permissions : null, Lifetime = lifetime });
    }

    /// <summary>Creates a signed token.</summary>
    public string Generate(TokenGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        var now = time.GetUtcNow().UtcDateTime;
        Dictionary<string, object> claims = new()
        {
            [JwtRegisteredClaimNames.Sub] = grant.Subject,
            [JwtRegisteredClaimNames.Jti] = grant.Id ?? Guid.NewGuid().ToString(),
            [TokenClaims.Roles] = grant.Roles.ToArray(),
        };
        foreach (var (name, values) in new[] { (TokenClaims.Permissions, grant.Permissions), (TokenClaims.Targets, grant.Targets), (TokenClaims.Operations, grant.Operations) })
            if (values is not null)
                claims[name] = values.ToArray();
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + grant.Lifetime,
            Claims = claims,
            SigningCredentials = new(key.Security, SecurityAlgorithms.HmacSha256),
        });
    }
}
