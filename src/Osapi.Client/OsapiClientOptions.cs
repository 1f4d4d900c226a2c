namespace Osapi.Client;

/// <summary>The options of a client from a service collection.</summary>
public sealed class OsapiClientOptions
{
    /// <summary>The address of the controller; default: <c>http://127.0.0.1:8080</c>.</summary>
    public Uri BaseUrl { get; set; } = new("http://127.0.0.1:8080");

    /// <summary>The bearer token.</summary>
    public string Token { get; set; } = "";
}
