using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Auth;

namespace Osapi.Controller.Tests.Auth;

/// <summary>Tests of the keys that sign valid tokens, which change without a restart.</summary>
public sealed class TokenKeyTests : ControllerTest
{
    private string KeyPath => Path.Combine(fixture.Directory, "signing.key");

    private string Keys => Directory.CreateDirectory(Path.Combine(fixture.Directory, TokenKeyFiles.DirectoryName)).FullName;

    [Fact]
    public async Task A_key_is_replaced_and_retired_without_a_restart()
    {
        var old = fixture.Token(["read"]);
        (await fixture.SendAsync("GET", "/job", token: old)).Assert2xx();

        // The old key stays valid beside the new one.
        File.Copy(KeyPath, Path.Combine(Keys, "old.key"));
        ReplaceKey();
        await RefreshAsync();
        var next = fixture.Token(["read"]);
        (await fixture.SendAsync("GET", "/job", token: old)).Assert2xx();
        (await fixture.SendAsync("GET", "/job", token: next)).Assert2xx();

        File.Delete(Path.Combine(Keys, "old.key"));
        await RefreshAsync();
        (await fixture.SendAsync("GET", "/job", token: old)).AssertProblem(HttpStatusCode.Unauthorized, "invalid token: it was not signed with this controller's key");
        (await fixture.SendAsync("GET", "/job", token: next)).Assert2xx();
    }

    [Fact]
    public async Task A_file_that_is_no_key_is_reported_and_the_other_keys_stay_valid()
    {
        using var small = RSA.Create(1024);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var own = RSA.Create(2048);
        foreach (var (name, content) in new[]
        {
            ("text.pem", "nothing"), ("small.pem", small.ExportSubjectPublicKeyInfoPem()), ("curve.pem", other.ExportSubjectPublicKeyInfoPem()), ("private.pem", own.ExportPkcs8PrivateKeyPem()),
            ("open.key", Convert.ToHexString(RandomNumberGenerator.GetBytes(32))), ("ignored.txt", "nothing"),
        })
            await File.WriteAllTextAsync(Path.Combine(Keys, name), content, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(Keys, "open.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);

        await RefreshAsync();

        (await fixture.GetAsync("/job")).Assert2xx();
        Assert.Single(fixture.Controller.Services.GetRequiredService<TokenKeyRing>().Current.Keys);
        var lines = fixture.Logs.Lines.Where(line => line.Contains("A key for tokens is not used", StringComparison.Ordinal)).ToList();
        foreach (var part in (string[])["text.pem is not a public key that is supported", "small.pem has an RSA key of 1024 bits", "curve.pem is not a public key that is supported", "private.pem has a private key", "open.key can be read by other users"])
            Assert.Single(lines, line => line.Contains(part, StringComparison.Ordinal));
        Assert.Equal(5, lines.Count);
    }

    [Fact]
    public void The_id_of_a_key_tells_nothing_of_it()
    {
        var token = fixture.Token(["read"]);
        var header = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(token.Split('.')[0].PadRight((token.Split('.')[0].Length + 3) / 4 * 4, '=')));

        var id = System.Text.Json.JsonElement.Parse(header).GetProperty("kid").GetString()!;
        Assert.Equal(16, id.Length);
        Assert.DoesNotContain(id, File.ReadAllText(KeyPath), StringComparison.OrdinalIgnoreCase);
    }

    private void ReplaceKey()
    {
        File.Delete(KeyPath);
        SigningKey.LoadOrCreate(KeyPath);
    }

    private async Task RefreshAsync()
    {
        var ring = fixture.Controller.Services.GetRequiredService<TokenKeyRing>();
        var before = ring.Current;
        fixture.Time.Advance(TimeSpan.FromSeconds(0.5));
        await fixture.UntilAsync(() => !ReferenceEquals(ring.Current, before));
    }
}
