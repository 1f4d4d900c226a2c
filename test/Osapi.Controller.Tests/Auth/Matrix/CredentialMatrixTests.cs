using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Osapi.Controller.Tests.Auth.Matrix;

/// <summary>Every endpoint with every kind of credential: each cell has the status that the rules of the test say.</summary>
public sealed class CredentialMatrixTests : IAsyncLifetime
{
    private readonly TestAuthority authority = new("authority");
    private readonly TestAuthority foreign = new("authority");
    private readonly RSA rsa = RSA.Create(2048);
    private readonly ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly TestIssuer issuer = new();
    private readonly string files = Directory.CreateTempSubdirectory("osapi-").FullName;
    private readonly Dictionary<string, HttpClient> clients = [];
    private ControllerFixture fixture = null!;

    public async ValueTask InitializeAsync()
    {
        var (certificate, key) = authority.WriteServer(files);
        await File.WriteAllTextAsync(Path.Combine(files, "ca.pem"), authority.Certificate.ExportCertificatePem());
        var keys = Directory.CreateDirectory(Path.Combine(files, "keys")).FullName;
        await File.WriteAllTextAsync(Path.Combine(keys, "ci.pem"), rsa.ExportSubjectPublicKeyInfoPem());
        await File.WriteAllTextAsync(Path.Combine(keys, "robot.pem"), curve.ExportSubjectPublicKeyInfoPem());
        fixture = await ControllerFixture.OpenAsync(options => options with
        {
            Urls = [.. options.Urls, new("https://127.0.0.1:0")],
            Tls = TlsCertificate.Load(certificate, key, Path.Combine(files, "ca.pem")),
            TokenKeysDirectory = keys,
            Roles = new Dictionary<string, IReadOnlyList<string>> { ["deployer"] = ["file:read", "file:write", "docker:write"] },
            Clients = new Dictionary<string, IReadOnlyList<string>> { ["runner"] = ["write"], ["revoked"] = ["admin"] },
            Oidc = new() { IssuerName = issuer.Name, Audience = "osapi-fleet" },
            Limits = new() { MaxFailedLogins = 1_000_000 },
        });
        fixture.ExtendTimeout(TimeSpan.FromMinutes(10));
        var revoked = authority.Client("revoked");
        foreach (var (name, client) in new (string, X509Certificate2?)[]
        {
            ("none", null), ("runner", authority.Client("runner")), ("stranger", authority.Client("stranger")), ("revoked", revoked), ("foreign", foreign.Client("runner")),
            ("expired", authority.Client("runner", new DateTimeOffset(2026, 10, 2, 0, 0, 0, TimeSpan.Zero))), ("server", authority.Client("runner", isForServers: true)),
        })
            clients[name] = Client(client);
        foreach (var body in (string[])
        [
            """{"id":"revoked-id"}""", """{"subject":"revoked-subject"}""", """{"subject":"oidc:mallory"}""",
            $$"""{"id":"cert:{{Convert.ToHexStringLower(SHA256.HashData(revoked.RawData))}}"}""",
        ])
            (await fixture.PostAsync("/token/revoke", body)).Assert2xx();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients.Values)
            client.Dispose();
        await fixture.DisposeAsync();
        await issuer.DisposeAsync();
        Directory.Delete(files, recursive: true);
        authority.Dispose();
        foreign.Dispose();
        rsa.Dispose();
        curve.Dispose();
    }

    [Fact]
    public async Task Each_cell_has_its_status()
    {
        var key = Convert.FromHexString((await File.ReadAllTextAsync(Path.Combine(fixture.Directory, "signing.key"), TestContext.Current.CancellationToken)).Trim());
        var credentials = new MatrixCredentials(fixture.Time.GetUtcNow(), key, rsa, curve, issuer).All.ToList();
        MatrixCredential admin = new("an administrator", $"Bearer {fixture.Admin}");
        List<string> wrong = [];
        foreach (var endpoint in MatrixEndpoint.All)
        {
            var usual = (await SendAsync(endpoint, admin))!.Value;
            if (usual is not (HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.NoContent))
                wrong.Add($"{endpoint.Method} {endpoint.Template}, an administrator: {(int)usual}");
            foreach (var credential in credentials)
            {
                HttpStatusCode? expected = credential.IsDisconnected ? null : MatrixRules.Expected(endpoint, credential) ?? usual;
                if (await SendAsync(endpoint, credential) is var found && found != expected)
                    wrong.Add($"{endpoint.Method} {endpoint.Template}, {credential.Name}: {(int?)found}, expected {(int?)expected}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{MatrixEndpoint.All.Count} endpoints, {credentials.Count} credentials");
        Assert.Equal([], wrong);
        Assert.True(credentials.Count >= 50 && credentials.DistinctBy(credential => credential.Name).Count() == credentials.Count);
        Assert.True(MatrixEndpoint.All.Count > 60);
    }

    private HttpClient Client(X509Certificate2? certificate)
    {
        SocketsHttpHandler handler = new() { SslOptions = TestAuthority.Trusting(authority) };
        if (certificate is not null)
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
        return new(handler) { BaseAddress = new(fixture.Controller.Urls.Single(url => url.StartsWith("https:", StringComparison.Ordinal))) };
    }

    // Null when the connection is refused.
    private async Task<HttpStatusCode?> SendAsync(MatrixEndpoint endpoint, MatrixCredential credential)
    {
        using HttpRequestMessage message = new(new(endpoint.Method), endpoint.Path + (credential.Query.Length > 0 && !endpoint.Path.Contains('?', StringComparison.Ordinal) ? $"?{credential.Query}" : credential.Query));
        if (credential.Authorizations.Count > 0)
            message.Headers.TryAddWithoutValidation("Authorization", credential.Authorizations);
        if (credential.Header is { } header)
            message.Headers.TryAddWithoutValidation(header.Name, header.Value);
        if (endpoint.IsStream)
            message.Headers.TryAddWithoutValidation("Last-Event-ID", "x");
        if (endpoint.Body is { } body)
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(endpoint.ContentType) } };
        try
        {
            using var response = await (credential.Certificate is { } certificate ? clients[certificate] : fixture.Http).SendAsync(message, fixture.TestTimeout);
            return response.StatusCode;
        }
        catch (HttpRequestException) when (credential.IsDisconnected)
        {
            return null;
        }
    }
}
