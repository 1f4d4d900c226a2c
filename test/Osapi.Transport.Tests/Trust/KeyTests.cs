using System.Security.Cryptography;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Tests.Trust;

/// <summary>Tests of the key files, of the public keys that are compared and pinned, and of the secrets that both sides derive.</summary>
public sealed class KeyTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("osapi-keys-");

    private string ControllerFile => Path.Join(directory.FullName, "state", ControllerKeys.FileName);

    private string AgentFile => Path.Join(directory.FullName, "state", AgentKeys.FileName);

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void Keys_are_created_once_for_their_owner_only()
    {
        using var controllers = ControllerKeys.LoadOrCreate(ControllerFile);
        using var again = ControllerKeys.LoadOrCreate(ControllerFile);
        using var agent = AgentKeys.LoadOrCreate(AgentFile);
        using var agentAgain = AgentKeys.LoadOrCreate(AgentFile);

        Assert.Equal(controllers.Public, again.Public);
        Assert.Equal(controllers.Secret.Derive("a purpose"), again.Secret.Derive("a purpose"));
        Assert.Equal(agent.Public, agentAgain.Public);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ControllerFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(AgentFile));
        Assert.Equal(2, Directory.GetFiles(Path.GetDirectoryName(AgentFile)!).Length);
    }

    [Fact]
    public async Task Processes_that_start_together_get_the_same_keys()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ControllerKeys.LoadOrCreate(ControllerFile), TestContext.Current.CancellationToken)));

        Assert.Single(keys.Select(key => key.Public).Distinct());
        foreach (var key in keys)
            key.Dispose();
    }

    [Fact]
    public void Two_systems_have_nothing_in_common()
    {
        using var one = ControllerKeys.Create();
        using var other = ControllerKeys.Create();

        Assert.NotEqual(one.Public, other.Public);
        Assert.NotEqual(one.Public.Fingerprint, other.Public.Fingerprint);
        Assert.NotEqual(one.Secret.Derive("a purpose"), other.Secret.Derive("a purpose"));
        Assert.NotEqual(one.Secret.Derive("a purpose"), one.Secret.Derive("another purpose"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("OSAPI controller key 1\n")]
    [InlineData("OSAPI controller key 2\n")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("OSAPI controller key 1\nsystem AAAAAAAAAAAAAAAAAAAAAA==\nsigning AAAA\nagreement AAAA\n")]
    [InlineData("OSAPI controller key 1\nsystem AAAA\nsystem AAAA\n")]
    public void A_damaged_file_gives_one_clear_line(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ControllerFile)!);
        File.WriteAllText(ControllerFile, text);
        File.SetUnixFileMode(ControllerFile, UnixFileMode.UserRead);

        var refused = Assert.Throws<InvalidDataException>(() => ControllerKeys.LoadOrCreate(ControllerFile));

        Assert.StartsWith($"{ControllerFile} is damaged, or is not a file of the kind 'OSAPI controller key 1'", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        ControllerKeys.LoadOrCreate(ControllerFile).Dispose();
        var text = File.ReadAllText(ControllerFile);
        for (var length = 0; length < text.TrimEnd().Length; length += 7)
        {
            File.WriteAllText(ControllerFile, text[..length]);
            Assert.Throws<InvalidDataException>(() => ControllerKeys.LoadOrCreate(ControllerFile));
        }
    }

    [Fact]
    public void A_key_of_another_curve_is_refused()
    {
        using var strange = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384);
        Directory.CreateDirectory(Path.GetDirectoryName(AgentFile)!);
        File.WriteAllText(AgentFile, $"OSAPI agent key 1\nagreement {Convert.ToBase64String(strange.ExportPkcs8PrivateKey())}\n");
        File.SetUnixFileMode(AgentFile, UnixFileMode.UserRead);

        Assert.Contains("is damaged", Assert.Throws<InvalidDataException>(() => AgentKeys.LoadOrCreate(AgentFile)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_others_can_read_is_refused()
    {
        AgentKeys.LoadOrCreate(AgentFile).Dispose();
        File.SetUnixFileMode(AgentFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.Contains("chmod 600", Assert.Throws<InvalidDataException>(() => AgentKeys.LoadOrCreate(AgentFile)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Public_keys_are_read_as_they_were_written()
    {
        using var controllers = ControllerKeys.Create();
        using var agent = AgentKeys.Create();

        Assert.Equal(controllers.Public, ControllerPublicKey.Parse(controllers.Public.ToString()));
        Assert.Equal(agent.Public, AgentPublicKey.Parse(agent.Public.ToString()));
        Assert.Equal(agent.Public.Fingerprint, AgentPublicKey.Parse(agent.Public.ToString()).Fingerprint);
        Assert.Matches("^SHA256:[A-Za-z0-9+/]{43}$", agent.Public.Fingerprint);
        Assert.Matches("^SHA256:[A-Za-z0-9+/]{43}$", controllers.Public.Fingerprint);
    }

    [Fact]
    public void What_is_no_point_of_the_curve_is_no_key()
    {
        using var agent = AgentKeys.Create();
        var text = agent.Public.ToString();

        Assert.False(AgentPublicKey.TryParse(null, null, out _));
        Assert.False(AgentPublicKey.TryParse("", null, out _));
        Assert.False(AgentPublicKey.TryParse(text[..^1], null, out _));
        Assert.False(AgentPublicKey.TryParse($"{text}A", null, out _));
        Assert.False(AgentPublicKey.TryParse($"{text[..^2]}AA", null, out _));
        Assert.False(AgentPublicKey.TryParse(new string('A', text.Length), null, out _));
        Assert.False(AgentPublicKey.TryParse(new string('\u00e4', text.Length), null, out _));
        Assert.False(ControllerPublicKey.TryParse(text, null, out _));
    }

    [Fact]
    public void Both_sides_derive_one_secret_for_each_host()
    {
        using var controllers = ControllerKeys.Create();
        using var agent = AgentKeys.Create();
        using var theirs = controllers.DeriveHostSecret("web-01", agent.Public);
        using var own = agent.DeriveHostSecret("web-01", controllers.Public);
        using var otherName = controllers.DeriveHostSecret("web-02", agent.Public);
        using var stranger = AgentKeys.Create();
        using var otherKey = controllers.DeriveHostSecret("web-01", stranger.Public);

        Assert.Equal(theirs.TagFromHost("enrol", "content"u8), own.TagFromHost("enrol", "content"u8));
        Assert.Equal(theirs.TagToHost("enrol", "content"u8), own.TagToHost("enrol", "content"u8));
        Assert.Equal(5, new[]
        {
            theirs.TagFromHost("enrol", "content"u8), theirs.TagToHost("enrol", "content"u8), theirs.TagFromHost("other", "content"u8),
            otherName.TagFromHost("enrol", "content"u8), otherKey.TagFromHost("enrol", "content"u8),
        }.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void A_signature_holds_for_its_digest_only()
    {
        using var controllers = ControllerKeys.Create();
        using var others = ControllerKeys.Create();
        var digest = SHA256.HashData("content"u8);
        var signature = controllers.Sign(digest);

        Assert.True(controllers.Public.Verify(digest, signature));
        Assert.False(others.Public.Verify(digest, signature));
        Assert.False(controllers.Public.Verify(SHA256.HashData("other"u8), signature));
        Assert.False(controllers.Public.Verify(digest, signature.AsSpan(1)));
    }
}
