using System.Text;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs;
using Osapi.Transport.Tests.Embedded;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Tests.Trust;

/// <summary>Tests that stored files can be read, listed and replaced by controllers only, and that a host reads exactly what its command names.</summary>
public sealed class TrustedFilesTests : IAsyncLifetime
{
    private const string Canary = "canary-4711";
    private const int Large = 300_000;

    private readonly EmbeddedFixture fixture = new();
    private readonly TrustFixture trust = new();
    private EmbeddedTransport carrier = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => carrier = await fixture.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await fixture.DisposeAsync();
        trust.Dispose();
    }

    [Fact]
    public async Task The_store_has_neither_content_nor_digest_and_controllers_have_both()
    {
        var files = Controller().Files;
        await files.PutAsync("app.conf", Content(Canary), "template", Token);

        var info = (await Controller().Files.FindAsync("app.conf", Token))!;
        Assert.Equal(("app.conf", Canary.Length, "template", true), (info.Name, info.Size, info.Metadata, info.IsSealed));
        Assert.Equal(info, Assert.Single(await files.ListAsync(Token)));
        Assert.Equal(Canary, await ReadAsync(files, "app.conf"));
        var stored = Assert.Single(await carrier.Files.ListAsync(Token));
        Assert.DoesNotContain(info.Sha256, stored.Metadata!, StringComparison.Ordinal);
        Assert.NotEqual(info.Sha256, stored.Sha256);
        foreach (var file in Directory.EnumerateFiles(fixture.Directory, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            await using FileStream bytes = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(bytes, Encoding.Latin1);
            Assert.DoesNotContain(Canary, await reader.ReadToEndAsync(Token), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Large)]
    public async Task A_host_reads_a_file_with_the_reference_of_its_command(int size)
    {
        var files = Controller().Files;
        await files.PutAsync("a", Content(new('x', size)), null, Token);
        var reference = (await files.FindReferenceAsync("a", Token))!;

        ReferencedFiles read = new(carrier.Files, [reference]);

        Assert.Equal((size, reference.Sha256), ((await read.FindAsync("a", Token))!.Size, (await files.FindAsync("a", Token))!.Sha256));
        Assert.Equal(new string('x', size), await ReadAsync(read, "a"));
        Assert.Null(await read.FindAsync("b", Token));
        Assert.Null(await read.OpenAsync("b", Token));
        Assert.Null(reference.Metadata);
    }

    [Fact]
    public async Task A_reference_opens_no_other_file_and_no_later_content()
    {
        var files = Controller().Files;
        await files.PutAsync("a", Content("first"), null, Token);
        await files.PutAsync("b", Content("other"), null, Token);
        var reference = (await files.FindReferenceAsync("a", Token))!;

        await Assert.ThrowsAsync<DamagedObjectException>(() => new ReferencedFiles(carrier.Files, [reference with { Name = "b" }]).OpenAsync("b", Token));
        await files.PutAsync("a", Content("second"), null, Token);
        await Assert.ThrowsAsync<DamagedObjectException>(() => new ReferencedFiles(carrier.Files, [reference]).OpenAsync("a", Token));
        Assert.Equal("second", await ReadAsync(files, "a"));
    }

    [Fact]
    public async Task Content_that_was_changed_cut_or_exchanged_is_not_read()
    {
        var files = Controller().Files;
        await files.PutAsync("a", Content(new('x', Large)), null, Token);
        await files.PutAsync("b", Content(new('y', Large)), null, Token);
        var reference = (await files.FindReferenceAsync("a", Token))!;
        var (genuine, other, metadata) = (await BytesAsync("a"), await BytesAsync("b"), (await carrier.Files.FindAsync("a", Token))!.Metadata);
        var changed = genuine.ToArray();
        changed[Large / 2] ^= 1;

        foreach (var forged in (byte[][])[changed, genuine[..^1], genuine[..(Large / 2)], genuine[..1], [], [.. genuine, 0], other])
        {
            await carrier.Files.PutAsync("a", new MemoryStream(forged), metadata, Token);
            await Assert.ThrowsAsync<DamagedObjectException>(() => ReadAsync(files, "a"));
            await Assert.ThrowsAsync<DamagedObjectException>(() => ReadAsync(new ReferencedFiles(carrier.Files, [reference]), "a"));
        }

        await carrier.Files.PutAsync("a", new MemoryStream(genuine), metadata, Token);
        Assert.Equal(Large, (await ReadAsync(files, "a")).Length);
    }

    [Fact]
    public async Task A_description_is_valid_for_its_own_file_and_from_controllers_only()
    {
        var files = Controller().Files;
        await files.PutAsync("a", Content("a"), null, Token);
        var (content, metadata) = (await BytesAsync("a"), (await carrier.Files.FindAsync("a", Token))!.Metadata!);

        await carrier.Files.PutAsync("copy", new MemoryStream(content), metadata, Token);
        await carrier.Files.PutAsync("bare", Content("evil"), "raw", Token);
        await carrier.Files.PutAsync("junk", Content("evil"), "sealed:%%%", Token);
        await carrier.Files.PutAsync("empty", Content("evil"), "sealed:", Token);
        await carrier.Files.PutAsync("cut", new MemoryStream(content), metadata[..^8], Token);

        Assert.Equal(["a"], (await files.ListAsync(Token)).Select(info => info.Name));
        foreach (var name in (string[])["copy", "bare", "junk", "empty", "cut"])
        {
            Assert.Null(await files.FindAsync(name, Token));
            Assert.Null(await files.FindReferenceAsync(name, Token));
            Assert.Null(await files.OpenAsync(name, Token));
        }

        Assert.True(trust.Skipped.Count >= 5);
        // What nobody may believe can still be removed.
        Assert.True(await files.DeleteAsync("bare", Token));
    }

    [Fact]
    public async Task What_an_earlier_version_stored_is_read_and_told()
    {
        await carrier.Files.PutAsync("old", Content("old"), "template", Token);
        var beginning = carrier.ServerNow;
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await carrier.Files.PutAsync("late", Content("evil"), "raw", Token);
        var files = Controller(new() { Beginning = beginning }).Files;

        var info = (await files.FindAsync("old", Token))!;
        Assert.Equal((false, "template", 3), (info.IsSealed, info.Metadata, info.Size));
        Assert.Equal("old", await ReadAsync(files, "old"));
        var reference = (await files.FindReferenceAsync("old", Token))!;
        Assert.Null(reference.Key);
        Assert.Equal("old", await ReadAsync(new ReferencedFiles(carrier.Files, [reference]), "old"));
        Assert.Null(await files.FindAsync("late", Token));
    }

    [Fact]
    public async Task While_hosts_without_a_key_exist_files_stay_readable_for_them()
    {
        var files = Controller(new() { AllowsUnsigned = true }).Files;
        trust.Hosts.HasHostsWithoutKey = true;

        var stored = await files.PutAsync("a", Content("open"), "raw", Token);

        Assert.False(stored.IsSealed);
        Assert.Equal("open", await ReadAsync(carrier.Files, "a"));
        Assert.False((await files.FindAsync("a", Token))!.IsSealed);
        using var keys = AgentKeys.Create();
        trust.Hosts.Set(new("web-01", keys.Public));
        trust.Hosts.HasHostsWithoutKey = false;
        Assert.True((await files.PutAsync("a", Content("open"), "raw", Token)).IsSealed);
    }

    private TrustedTransport Controller(TrustPolicy? policy = null) => TrustedTransport.ForController(carrier, new(trust.Keys), trust.Hosts, policy ?? new(), trust.Skipped);

    private static MemoryStream Content(string text) => new(Encoding.UTF8.GetBytes(text));

    private static async Task<string> ReadAsync(IObjects files, string name)
    {
        await using var content = (await files.OpenAsync(name, Token))!;
        using StreamReader reader = new(content);
        return await reader.ReadToEndAsync(Token);
    }

    private async Task<byte[]> BytesAsync(string name)
    {
        await using var content = (await carrier.Files.OpenAsync(name, Token))!;
        MemoryStream bytes = new();
        await content.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }
}
