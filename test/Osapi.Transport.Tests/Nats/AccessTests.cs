using NATS.NKeys;
using Osapi.Transport.Nats;

namespace Osapi.Transport.Tests.Nats;

public sealed class AccessTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("osapi-access-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Only_a_user_with_the_right_password_can_connect()
    {
        await using var server = await NatsServer.StartAsync("""authorization { users: [{ user: "osapi", password: "right" }] }""");
        NatsOptions options = new() { Urls = [server.Url], User = "osapi", Password = "right" };

        await WorksAsync(options);
        await RefusedAsync(options with { Password = "wrong" }, "Authorization Violation");
        await RefusedAsync(options with { User = null, Password = null }, "Authorization Violation");
    }

    [Fact]
    public async Task A_user_with_the_right_nkey_gets_in()
    {
        using var right = KeyPair.CreatePair(PrefixByte.User);
        using var wrong = KeyPair.CreatePair(PrefixByte.User);
        await using var server = await NatsServer.StartAsync($$"""authorization { users: [{ nkey: "{{right.GetPublicKey()}}" }] }""");
        NatsOptions options = new() { Urls = [server.Url], NKeySeedFile = Write("right.nk", $"# a comment\n{right.GetSeed()}\n") };

        await WorksAsync(options);
        await RefusedAsync(options with { NKeySeedFile = Write("wrong.nk", wrong.GetSeed()) }, "Authorization Violation");
        await RefusedAsync(options with { NKeySeedFile = Write("empty.nk", "nothing") }, "does not contain the seed");
        await RefusedAsync(options with { NKeySeedFile = Path.Combine(directory, "missing.nk") }, "missing.nk");
    }

    [Fact]
    public async Task A_user_with_credentials_of_the_account_gets_in()
    {
        Jwt ours = new();
        Jwt theirs = new();
        await using var server = await NatsServer.StartAsync(ours.Configuration);
        NatsOptions options = new() { Urls = [server.Url], CredentialsFile = Write("right.creds", ours.Credentials()) };

        await WorksAsync(options);
        await RefusedAsync(options with { CredentialsFile = Write("wrong.creds", theirs.Credentials()) }, "Authorization Violation");
        await RefusedAsync(options with { CredentialsFile = Path.Combine(directory, "missing.creds") }, "missing.creds");
    }

    [Fact]
    public async Task Both_sides_of_a_tls_connection_know_each_other()
    {
        using Certificates ours = new(Directory.CreateDirectory(Path.Combine(directory, "ours")).FullName);
        using Certificates theirs = new(Directory.CreateDirectory(Path.Combine(directory, "theirs")).FullName);
        var (certificate, key) = ours.Sign("server");
        await using var server = await NatsServer.StartAsync($$"""tls { cert_file: "{{certificate}}", key_file: "{{key}}", ca_file: "{{ours.Authority}}", verify: true }""");
        var client = ours.Sign("client");
        var stranger = theirs.Sign("client");
        NatsOptions options = new() { Urls = [server.Url.Replace("nats:", "tls:", StringComparison.Ordinal)], TlsCaFile = ours.Authority, TlsCertificateFile = client.Certificate, TlsKeyFile = client.Key };

        await WorksAsync(options);
        await RefusedAsync(options with { TlsCaFile = theirs.Authority }, "certificate");
        await RefusedAsync(options with { TlsCertificateFile = stranger.Certificate, TlsKeyFile = stranger.Key }, "");
        await RefusedAsync(options with { TlsCertificateFile = null, TlsKeyFile = null }, "");
    }

    [Fact]
    public async Task A_server_without_tls_is_refused_when_tls_is_required()
    {
        await using var server = await NatsServer.StartAsync();

        await RefusedAsync(new() { Urls = [server.Url.Replace("nats:", "tls:", StringComparison.Ordinal)] }, "TLS");
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(directory, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static async Task WorksAsync(NatsOptions options)
    {
        await using var transport = await NatsTransport.ConnectAsync(options, Token);
        await transport.PingAsync(Token);
    }

    private static async Task RefusedAsync(NatsOptions options, string reason)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(20));
        ListLogger logger = new();

        var refusal = await Record.ExceptionAsync(() => NatsTransport.ConnectAsync(options with { Logger = logger }, timeout.Token));

        if (refusal is not TransportException)
            Assert.Fail($"{refusal?.Message ?? "It was let in."} {string.Join('\n', logger.Lines)}");

        Assert.Contains(reason, refusal.Message, StringComparison.OrdinalIgnoreCase);
    }
}
