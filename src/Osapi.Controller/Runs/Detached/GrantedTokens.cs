using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Osapi.Controller.Auth;

namespace Osapi.Controller.Runs.Detached;

/// <summary>Creates the tokens with which detached runs call: the caller's own, with a new lifetime and nothing else new.</summary>
/// <remarks>Id and issue time stay, so that what revokes the caller's token revokes these.</remarks>
internal sealed class GrantedTokens(TokenKeyRing keys, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    // A request may take a while from here to the check of its token.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Gets a function that returns a valid token at any time. It creates one every few minutes.</summary>
    public Func<CancellationToken, ValueTask<string>> For(RunGrant grant)
    {
        Lock gate = new();
        var (token, until) = ("", DateTimeOffset.MinValue);
        SecurityKey? with = null;
        return _ =>
        {
            lock (gate)
            {
                var (now, key) = (time.GetUtcNow(), keys.Current.Own ?? throw new InvalidOperationException("The signing key cannot be read."));
                // A replaced key must not end the run.
                if (now >= until || key != with)
                    (token, until, with) = (Create(grant, key, now), now + Lifetime - Margin, key);
                return ValueTask.FromResult(token);
            }
        };
    }

    private string Create(RunGrant grant, SecurityKey key, DateTimeOffset now)
    {
        Dictionary<string, object> claims = new()
        {
            [JwtRegisteredClaimNames.Sub] = grant.Subject,
            [TokenClaims.Roles] = grant.Roles.ToArray(),
            [TokenClaims.Permissions] = grant.Permissions.ToArray(),
        };
        if (grant.TokenId is { } id)
            claims[JwtRegisteredClaimNames.Jti] = id;
        foreach (var (name, limits) in new[] { (TokenClaims.Targets, grant.Targets), (TokenClaims.Operations, grant.Operations) })
            if (limits is not null)
                claims[name] = limits.ToArray();
        var expires = now + Lifetime;
        // No token is valid for longer, counted from its issue.
        var issued = new[] { DateTimeOffset.FromUnixTimeSeconds(grant.IssuedAt), expires - Tokens.MaxLifetime }.Max();
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Tokens.Issuer,
            Audience = Tokens.Audience,
            IssuedAt = issued.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = expires.UtcDateTime,
            Claims = claims,
            SigningCredentials = new(key, SecurityAlgorithms.HmacSha256),
        });
    }
}
