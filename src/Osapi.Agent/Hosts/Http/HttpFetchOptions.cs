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

    /// <summary>A host of an address, and where to connect instead: a redirect to another host is followed there. Null for the addresses of the names.</summary>
    public (string Host, IReadOnlyList<IPAddress> Addresses)? ConnectTo { get; init; }
}
