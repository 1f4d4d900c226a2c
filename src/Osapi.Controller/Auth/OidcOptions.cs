namespace Osapi.Controller.Auth;

/// <summary>An OpenID Connect issuer whose tokens a controller accepts.</summary>
public sealed record OidcOptions
{
    /// <summary>The issuer, exactly as its tokens name it; an <c>https</c> address, or <c>http</c> on this machine.</summary>
    public required string IssuerName { get; init; }

    /// <summary>The audience that a token must name.</summary>
    public required string Audience { get; init; }

    /// <summary>The claim with the roles; null for <c>roles</c>.</summary>
    public string? RolesClaim { get; init; }

    /// <summary>The text before each subject of the issuer, so that it is not a subject of this system; null for <c>oidc:</c>.</summary>
    public string? SubjectPrefix { get; init; }

    /// <summary>The PEM file with the authority of the issuer's certificate; null for those that this machine trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>True for an address whose answers nobody on the way can change.</summary>
    public static bool IsSafe(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);
    }
}
