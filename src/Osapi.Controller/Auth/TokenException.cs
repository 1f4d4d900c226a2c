namespace Osapi.Controller.Auth;

/// <summary>The reason why a token or a certificate is not valid, in words that follow "invalid token:".</summary>
internal sealed class TokenException(string message) : Exception(message)
{
    /// <summary>True when the token could not be checked at the moment; it may be valid.</summary>
    public bool IsUnavailable { get; init; }
}
