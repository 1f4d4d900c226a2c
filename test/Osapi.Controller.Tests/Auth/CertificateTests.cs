using System.Net.Security;
using System.Net.Sockets;

namespace Osapi.Controller.Tests.Auth;

/// <summary>Tests of the controller's certificate and of the headers of its answers.</summary>
public sealed class CertificateTests : IAsyncLifetime
{
    private readonly TestAuthority first = new("first");
    private readonly TestAuthority second = new("second");
    private readonly string files = Directory.CreateTempSubdirectory("osapi-").FullName;
    private TlsCertificate certificate = null!;
    private ControllerFixture fixture = null!;

    public async ValueTask InitializeAsync()
    {
        var (path, key) = first.WriteServer(files);
        certificate = TlsCertificate.Load(path, key);
        fixture = await ControllerFixture.OpenAsync(options => options with { Urls = [new("https://127.0.0.1:0"), new("http://127.0.0.1:0")], Tls = certificate });
    }

    public async ValueTask DisposeAsync()
    {
        await fixture.DisposeAsync();
        Directory.Delete(files, recursive: true);
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task A_renewed_certificate_is_used_for_new_connections_and_an_invalid_one_is_not()
    {
        Assert.Equal("CN=first", await IssuerAsync());

        await File.WriteAllTextAsync(Path.Combine(files, "tls.pem"), "nothing", fixture.TestTimeout);
        await RefreshAsync("The changed certificate is not used, the one of before stays");
        Assert.Equal("CN=first", await IssuerAsync());

        second.WriteServer(files);
        await RefreshAsync("The certificate has changed; new connections use it");
        Assert.Equal("CN=second", await IssuerAsync());
    }

    [Fact]
    public async Task Answers_are_not_kept_not_guessed_and_not_asked_for_without_encryption_again()
    {
        using HttpClient http = new(new SocketsHttpHandler { SslOptions = TestAuthority.Trusting(first) });
        foreach (var address in fixture.Controller.Urls)
            foreach (var path in (string[])["/health", "/job", "/nothing", "/openapi.json"])
            {
                using var response = await http.GetAsync(new Uri(new(address), path), fixture.TestTimeout);
                Assert.Equal(("no-store", "nosniff"), (response.Headers.CacheControl!.ToString(), response.Headers.GetValues("X-Content-Type-Options").Single()));
                Assert.Equal(address.StartsWith("https", StringComparison.Ordinal), response.Headers.Contains("Strict-Transport-Security"));
            }
    }

    private async Task RefreshAsync(string line)
    {
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await fixture.WaitForLogLineAsync(line);
    }

    private async Task<string> IssuerAsync()
    {
        Uri address = new(fixture.Controller.Urls.Single(url => url.StartsWith("https", StringComparison.Ordinal)));
        using TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port, fixture.TestTimeout);
        using SslStream stream = new(client.GetStream());
        var trust = TestAuthority.Trusting(first, second);
        trust.TargetHost = "127.0.0.1";
        await stream.AuthenticateAsClientAsync(trust, fixture.TestTimeout);
        return stream.RemoteCertificate!.Issuer;
    }
}
