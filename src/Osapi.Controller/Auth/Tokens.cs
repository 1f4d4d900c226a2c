using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Osapi.Controller.Auth;

/// <summary>Makes bearer tokens (RFC 7519, HS256).</summary>
/// <param name="key">The key that signs them.</param>
/// <param name="time">The time they count from.</param>
public sealed class Tokens(SigningKey key, TimeProvider time)
{
    /// <summary>The issuer that a token must name.</summary>
    public const string Issuer = "osapi";

    /// <summary>The audience that a token must name.</summary>
    public const string Audience = "osapi";

    /// <summary>How long a token is valid when nothing else is said: 90 days.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(90);

    /// <summary>A signed token.</summary>
    /// <param name="subject">Who it is for; it stands in the audit log.</param>
    /// <param name="roles">Its roles.</param>
    /// <param name="permissions">Permissions that replace those of the roles; none to use the roles.</param>
    /// <param name="lifetime">How long it is valid.</param>
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
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
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

    /// <summary>What a token must be to be accepted.</summary>
    internal TokenValidationParameters Validation => new()
    {
        ValidIssuer = Issuer,
        ValidAudience = Audience,
        IssuerSigningKey = key.Security,
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        ClockSkew = TimeSpan.FromSeconds(30),
        LifetimeValidator = (notBefore, expires, _, parameters) => IsInForce(notBefore, expires, parameters.ClockSkew),
    };

    private bool IsInForce(DateTime? notBefore, DateTime? expires, TimeSpan skew)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && now - skew < end && (notBefore is not { } start || now + skew >= start);
    }
}
