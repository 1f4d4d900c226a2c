using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Osapi.Controller.Auth;

/// <summary>Validates tokens: those of this system, and those of the configured issuer.</summary>
internal sealed class TokenValidator(TokenKeyRing keys, RoleTable roles, OidcIssuer? issuer, TimeProvider time)
{
    private const int MaxLength = 16 * 1024;

    private static readonly string[] Algorithms = [SecurityAlgorithms.HmacSha256, SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];
    // A token of another type, such as a logout token, is signed with the same keys and means something else.
    private static readonly string[] Types = ["JWT", "at+jwt", "application/at+jwt"];

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MaxLength };
    private readonly CallerClaims own = new(roles);

    /// <summary>The keys that validation depends on at this moment; a token that was validated with others is validated again.</summary>
    public (object Own, object? Issuer) Keys => (keys.Current, issuer?.Current);

    /// <summary>Validates a token and reads its caller.</summary>
    /// <exception cref="TokenException">The token is not valid, or cannot be validated at the moment.</exception>
    public async Task<CallerIdentity> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        var read = Parse(token);
        var isForeign = issuer is not null && read.Issuer == issuer.Name;
        var found = isForeign ? await issuer!.FindAsync(read.Kid, read.Alg, cancellationToken) : keys.Current.Find(read.Kid, read.Alg);
        var result = await handler.ValidateTokenAsync(read, new TokenValidationParameters
        {
            ValidIssuer = isForeign ? issuer!.Name : Tokens.Issuer,
            ValidAudience = isForeign ? issuer!.Audience : Tokens.Audience,
            IssuerSigningKeyResolver = (_, _, _, _) => found,
            ValidAlgorithms = Algorithms,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = Tokens.ClockSkew,
            LifetimeValidator = (notBefore, expires, _, _) => expires is { } end && IsValidNow(notBefore ?? DateTime.MinValue, end),
        });
        if (!result.IsValid)
            throw new TokenException(TokenFailure.Describe(result.Exception, isForeign ? issuer : null));
        var caller = (isForeign ? issuer!.Claims : own).Read(Claims(read));
        return IsValidNow(caller) ? caller : throw new TokenException(TokenFailure.Lifetime);
    }

    /// <summary>Determines whether a caller's token is valid now.</summary>
    public bool IsValidNow(CallerIdentity caller) => IsValidNow(caller.NotBefore.UtcDateTime, caller.ExpiresAt.UtcDateTime);

    private bool IsValidNow(DateTime notBefore, DateTime expires)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return now - Tokens.ClockSkew < expires && now + Tokens.ClockSkew >= notBefore;
    }

    private static JsonWebToken Parse(string token)
    {
        if (token.Length > MaxLength)
            throw new TokenException($"it has more than {MaxLength} characters");
        // Encrypted tokens have five parts, and nothing here decrypts them.
        if (token.AsSpan().Count('.') != 2)
            throw new TokenException(TokenFailure.Malformed);
        JsonWebToken read;
        try
        {
            read = new(token);
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException or FormatException or JsonException)
        {
            throw new TokenException(TokenFailure.Malformed);
        }

        if (read.TryGetHeaderValue<JsonElement>("crit", out _) || (!string.IsNullOrEmpty(read.Typ) && !Types.Contains(read.Typ, StringComparer.OrdinalIgnoreCase)))
            throw new TokenException("it is a token of another type");
        return read;
    }

    private static JsonElement Claims(JsonWebToken token)
    {
        try
        {
            return JsonElement.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 });
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new TokenException(TokenFailure.Malformed);
        }
    }
}
