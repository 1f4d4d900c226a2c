using Microsoft.IdentityModel.Tokens;

namespace Osapi.Controller.Auth;

/// <summary>The reason why the token of a request is not valid.</summary>
/// <param name="Exception">The failure, whose message may contain parts of the token.</param>
internal sealed record TokenFailure(Exception? Exception)
{
    /// <summary>The reason in words. The library's own messages mention its settings.</summary>
    public string Reason => Exception switch
    {
        SecurityTokenExpiredException or SecurityTokenInvalidLifetimeException or SecurityTokenNoExpirationException or SecurityTokenNotYetValidException => "it has expired or is not valid yet",
        SecurityTokenInvalidIssuerException => $"its issuer is not {Tokens.Issuer}",
        SecurityTokenInvalidAudienceException => $"its audience is not {Tokens.Audience}",
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidAlgorithmException => "it was not signed with this controller's key",
        _ => "it is malformed",
    };
}
