namespace Osapi.Client;

/// <summary>Where an injected client connects, and as whom.</summary>
public sealed class OsapiClientOptions
{
    /// <summary>Where the controller listens; <c>http://127.0.0.1:8080</c> when not set.</summary>
    public Uri BaseUrl { get; set; } = new("http://127.0.0.1:8080");

    /// <summary>The bearer token.</summary>
    public string Token { get; set; } = "";
}
