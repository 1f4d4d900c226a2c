namespace Osapi.Client;

/// <summary>The settings of an injected client: the address of its controller, and its token.</summary>
public sealed class OsapiClientOptions
{
    /// <summary>The address of the controller; <c>http://127.0.0.1:8080</c> when not set.</summary>
    public Uri BaseUrl { get; set; } = new("http://127.0.0.1:8080");

    /// <summary>The path of the controller's Unix socket, which is then used instead of <see cref="BaseUrl"/>; null for TCP.</summary>
    public string? Socket { get; set; }

    /// <summary>The bearer token; empty for a client that only calls health operations.</summary>
    public string Token { get; set; } = "";

    /// <summary>Returns the token for each request, because tokens expire; null when <see cref="Token"/> is used. Called on several threads.</summary>
    public Func<CancellationToken, ValueTask<string>>? TokenProvider { get; set; }
}
