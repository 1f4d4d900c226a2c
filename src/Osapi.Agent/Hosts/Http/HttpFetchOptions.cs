using System.Net;

namespace Osapi.Agent.Hosts.Http;

/// <summary>The way in which a web server is asked.</summary>
internal sealed record HttpFetchOptions
{
    /// <summary>The headers of the caller, which only the server of the first address gets.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The authorities in PEM that may certify the server; null for those that the host trusts.</summary>
    public string? Ca { get; init; }

    public bool FollowsRedirects { get; init; } = true;

    public bool ValidatesCertificate { get; init; } = true;

    /// <summary>The addresses to connect to, whatever name is asked for; null for those of the name.</summary>
    public IReadOnlyList<IPAddress>? ConnectTo { get; init; }
}
