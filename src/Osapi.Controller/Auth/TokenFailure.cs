using Microsoft.IdentityModel.Tokens;

namespace Osapi.Controller.Auth;

/// <summary>The reason why the token of a request is not valid.</summary>
/// <param name="Reason">The reason in words, which show nothing of the token.</param>
/// <param name="IsUnavailable">True when the token could not be checked at the moment.</param>
internal sealed record TokenFailure(string Reason, bool IsUnavailable = false)
{
    /// <summary>True when the caller has no token, and the certificate of its connection is not valid.</summary>
    public bool IsCertificate { get; init; }

    public const string Malformed = "it is malformed";

    public const string Lifetime = "it has expired or is not valid yet";

    public const string Revoked = "it is revoked";

    /// <summary>Describes a failure of the library, whose own messages mention its settings and may contain parts of the token.</summary>
    public static string Describe(Exception? exception, OidcIssuer? issuer) => exception switch
    {
        SecurityTokenExpiredException or SecurityTokenInvalidLifetimeException or SecurityTokenNoExpirationException or SecurityTokenNotYetValidException => Lifetime,
        SecurityTokenInvalidIssuerException => $"its issuer is not {issuer?.Name ?? Tokens.Issuer}",
        SecurityTokenInvalidAudienceException => $"its audience is not {issuer?.Audience ?? Tokens.Audience}",
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidAlgorithmException =>
            issuer is null ? "it was not signed with this controller's key" : $"it was not signed with a key of {issuer.Name}",
        _ => Malformed,
    };
}
