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

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    // Claims keep the names that they have in the token.
    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    /// <summary>Creates a signed token.</summary>
    /// <param name="subject">The subject, which appears in the audit log.</param>
    /// <param name="roles">Its roles.</param>
    /// <param name="permissions">Permissions that replace those of the roles; none to use the roles.</param>
    /// <param name="lifetime">The lifetime.</param>
    public string Generate(string subject, IReadOnlyList<string> roles, IReadOnlyList<string> permissions, TimeSpan lifetime)
    {
        var now = time.GetUtcNow().UtcDateTime;
        Dictionary<string, object> claims = new()
        {
            [JwtRegisteredClaimNames.Sub] = subject,
            [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString(),
            [TokenClaims.Roles] = roles.ToArray(),
        };
        if (permissions.Count > 0)
            claims[TokenClaims.Permissions] = permissions.ToArray();
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            Claims = claims,
            SigningCredentials = new(key.Security, SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>Validates a token; never throws.</summary>
    internal Task<TokenValidationResult> ValidateAsync(string token) => handler.ValidateTokenAsync(token, new TokenValidationParameters
    {
        ValidIssuer = Issuer,
        ValidAudience = Audience,
        IssuerSigningKey = key.Security,
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        ClockSkew = ClockSkew,
        LifetimeValidator = (notBefore, expires, _, _) => IsValidNow(notBefore, expires),
    });

    /// <summary>Determines whether a token with a lifetime is valid now.</summary>
    internal bool IsValidNow(DateTime? notBefore, DateTime? expires)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && now - ClockSkew < end && (notBefore is not { } start || now + ClockSkew >= start);
    }
}
