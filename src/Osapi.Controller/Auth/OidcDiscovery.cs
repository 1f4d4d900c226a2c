using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Osapi.Controller.Auth;

/// <summary>Fetches the keys of an OpenID Connect issuer: its discovery document (OpenID Connect Discovery 1.0, section 4), then the keys that the document names (RFC 7517).</summary>
internal sealed class OidcDiscovery : IDisposable
{
    private const int MaxBytes = 1 << 20;
    private const int MinRsaBits = 2048;
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(10);

    private readonly OidcOptions options;
    private readonly HttpClient http;

    public OidcDiscovery(OidcOptions options)
    {
        this.options = options;
        // A redirect could lead to an address that the issuer does not control.
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(1) };
        if (options.CaFile is { } file)
        {
            X509Certificate2Collection authorities = [];
            authorities.ImportFromPemFile(file);
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        http = new(handler) { Timeout = FetchTimeout, MaxResponseContentBufferSize = MaxBytes };
    }

    /// <summary>Fetches the keys.</summary>
    /// <exception cref="InvalidDataException">A document is not valid, or is of another issuer.</exception>
    /// <exception cref="HttpRequestException">The issuer does not answer, or its answer is too large.</exception>
    public async Task<TokenKeySet> FetchAsync()
    {
        var document = await GetAsync(new($"{options.IssuerName.TrimEnd('/')}/.well-known/openid-configuration"));
        string issuer, address;
        try
        {
            var discovery = JsonElement.Parse(document);
            (issuer, address) = (TextOf(discovery, "issuer"), TextOf(discovery, "jwks_uri"));
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"the discovery document is not valid: {exception.Message}");
        }

        if (issuer != options.IssuerName)
            throw new InvalidDataException("the discovery document is of another issuer");
        if (!Uri.TryCreate(address, UriKind.Absolute, out var keys) || !OidcOptions.IsSafe(keys))
            throw new InvalidDataException("jwks_uri is not an https address");
        return Read(await GetAsync(keys));
    }

    public void Dispose() => http.Dispose();

    private async Task<string> GetAsync(Uri address)
    {
        using var response = await http.GetAsync(address);
        return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync() : throw new HttpRequestException($"{address} answered {(int)response.StatusCode}");
    }

    private static string TextOf(JsonElement document, string name) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new InvalidDataException($"the discovery document has no {name}");

    // Keys of other kinds, and those for encryption, are passed over.
    private static TokenKeySet Read(string document)
    {
        JsonWebKeySet set;
        try
        {
            set = new(document);
        }
        catch (ArgumentException)
        {
            throw new InvalidDataException("the key set is not valid");
        }

        return new([.. set.Keys.Where(key => key.Use is null or "" or "sig").Select(Find).OfType<TokenKey>().Take(TokenKeySet.MaxCount)]);
    }

    private static TokenKey? Find(JsonWebKey key)
    {
        var algorithm = key switch
        {
            { Kty: "RSA", N: not null, E: not null } when key.KeySize >= MinRsaBits => SecurityAlgorithms.RsaSha256,
            { Kty: "EC", Crv: "P-256", X: not null, Y: not null } => SecurityAlgorithms.EcdsaSha256,
            _ => null,
        };
        return algorithm is null || (!string.IsNullOrEmpty(key.Alg) && key.Alg != algorithm) ? null : new(string.IsNullOrEmpty(key.Kid) ? [] : [key.Kid], algorithm, key);
    }
}
