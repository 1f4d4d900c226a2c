using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Osapi.Controller.Tests.Auth;

/// <summary>A small OpenID Connect issuer: its discovery document, its keys, and tokens.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly Task serving;
    private int fetches;

    public TestIssuer()
    {
        using (TcpListener probe = new(IPAddress.Loopback, 0))
        {
            probe.Start();
            Name = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/realm";
        }

        listener.Prefixes.Add($"{Name[..^"/realm".Length]}/");
        listener.Start();
        serving = ServeAsync();
    }

    public string Name { get; }

    /// <summary>The number of discovery documents that were asked for.</summary>
    public int Fetches => Volatile.Read(ref fetches);

    public RSA Key { get; set; } = RSA.Create(2048);

    public string KeyId { get; set; } = "k1";

    /// <summary>The answer instead of the discovery document; null for the right one.</summary>
    public string? Discovery { get; set; }

    /// <summary>The wait before an answer, which a test completes.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    public string Token(DateTimeOffset now, string subject = "alice", string audience = "osapi-fleet", params string[] roles)
    {
        var claims = TokenForge.Claims(now, subject, roles);
        claims["iss"] = Name;
        claims["aud"] = audience;
        return TokenForge.Rsa(claims, Key, header: ("kid", KeyId));
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
        Key.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
            try
            {
                _ = AnswerAsync(await listener.GetContextAsync());
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        await Hold;
        var isKeys = context.Request.Url!.AbsolutePath == "/realm/keys";
        if (!isKeys)
            Interlocked.Increment(ref fetches);
        var text = isKeys ? Keys() : Discovery ?? new JsonObject { ["issuer"] = Name, ["jwks_uri"] = $"{Name}/keys" }.ToJsonString();
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
        context.Response.Close();
    }

    private string Keys()
    {
        var key = Key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(
                new JsonObject { ["kty"] = "oct", ["k"] = "AAAA", ["kid"] = "secret" },
                new JsonObject { ["kty"] = "RSA", ["kid"] = KeyId, ["use"] = "sig", ["alg"] = "RS256", ["n"] = TokenForge.Encode(key.Modulus!), ["e"] = TokenForge.Encode(key.Exponent!) }),
        }.ToJsonString();
    }
}
