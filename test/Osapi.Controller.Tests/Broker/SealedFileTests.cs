using System.Text;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Broker;

/// <summary>Tests of stored files on a real broker: what it has of them, and what hosts make of what it says.</summary>
public sealed class SealedFileTests : TrustedBrokerTest
{
    private const string Canary = "canary-4711";
    private const int Large = 3_000_000;

    [Theory]
    [InlineData(10)]
    [InlineData(Large)]
    public async Task A_file_is_deployed_as_it_was_stored_and_the_broker_cannot_read_it(int size)
    {
        var client = await StartAsync();
        var text = string.Concat(Enumerable.Repeat($"{Canary}\n", size / Canary.Length + 1));
        await client.File.UploadAsync("app.conf", Content(text), cancellationToken: Token);

        foreach (var target in (string[])["web-01", "_any", "_all"])
        {
            var path = Path.Join(parts.Directory, $"deployed-{target}");
            var reply = Assert.Single((await client.File.DeployAsync(target, Request("app.conf", path), cancellationToken: Token)).Hosts);
            Assert.Equal((Outcome.Ok, true), (reply.Outcome, reply.Changed));
            Assert.Equal(text, await File.ReadAllTextAsync(path, Token));
        }

        Assert.Equal(text, await DownloadAsync(client, "app.conf"));
        Assert.Null(Assert.Single((await client.File.ListAsync(cancellationToken: Token)).Files).Unsealed);
        await AssertBrokerHasNotAsync(Canary);
    }

    [Fact]
    public async Task A_name_with_a_fact_is_resolved_by_the_host()
    {
        var client = await StartAsync();
        await client.File.UploadAsync("conf/web-01.conf", Content("of this host"), cancellationToken: Token);
        await client.File.UploadAsync("conf/db-01.conf", Content("of another host"), cancellationToken: Token);
        var path = Path.Join(parts.Directory, "deployed");

        Assert.True((await client.File.DeployAsync("web-01", Request("conf/@fact.hostname.conf", path), cancellationToken: Token)).AllSucceeded);

        Assert.Equal("of this host", await File.ReadAllTextAsync(path, Token));
        await Assert.ThrowsAsync<NotFoundException>(() => client.File.DeployAsync("web-01", Request("conf/@fact.hostname.missing", path), cancellationToken: Token));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(Large)]
    public async Task Nothing_that_somebody_else_stored_is_deployed(int size)
    {
        var client = await StartAsync();
        await client.File.UploadAsync("app.conf", Content(new('g', size)), cancellationToken: Token);
        await client.File.UploadAsync("other.conf", Content(new('o', size)), cancellationToken: Token);
        var path = Path.Join(parts.Directory, "deployed");
        Assert.True((await client.File.DeployAsync("web-01", Request("app.conf", path), cancellationToken: Token)).AllSucceeded);
        var attacker = await trust.ConnectAsync();
        var metadata = (await attacker.Files.FindAsync("app.conf", Token))!.Metadata;
        await using var other = await attacker.Files.OpenAsync("other.conf", Token);
        MemoryStream exchanged = new();
        await other!.CopyToAsync(exchanged, Token);

        foreach (var (content, said) in ((byte[], string?)[])[("evil"u8.ToArray(), "raw"), ("evil"u8.ToArray(), metadata), (exchanged.ToArray(), metadata), (exchanged.ToArray()[..^1], metadata)])
        {
            await attacker.Files.PutAsync("app.conf", new MemoryStream(content), said, Token);
            File.Delete(path);
            await Assert.ThrowsAnyAsync<OsapiException>(async () => (await client.File.DeployAsync("web-01", Request("app.conf", path), cancellationToken: Token)).EnsureSuccess());
            Assert.False(File.Exists(path));
            Assert.Empty(Directory.EnumerateFiles(parts.Directory, "*deployed*"));
        }
    }

    [Fact]
    public async Task A_file_that_a_host_without_a_key_must_read_is_refused_until_it_is_stored_unsealed()
    {
        await trust.AgentTransportAsync("web-01");
        var transport = parts.Keep(TrustedTransport.ForController(await trust.ConnectAsync(), new(trust.Keys), trust.Hosts, new() { AllowsUnsigned = true }, new(trust.Logs.CreateLogger("trust"), TimeProvider.System)));
        var controller = await parts.StartControllerAsync(transport, "controller");
        await trust.StartAgentAsync("web-01");
        await parts.StartAgentAsync(await trust.ConnectAsync(), new() { Hostname = "old-01" }, "old-01", trust.Logs.CreateLogger("agent"));
        var client = controller.Client;
        await UntilReadyAsync(client, 2);
        await client.File.UploadAsync("app.conf", Content("text"), cancellationToken: Token);
        trust.Hosts.HasHostsWithoutKey = true;
        var path = Path.Join(parts.Directory, "deployed");

        foreach (var target in (string[])["old-01", "_all", "_any"])
        {
            var refused = await Assert.ThrowsAnyAsync<ApiException>(() => client.File.DeployAsync(target, Request("app.conf", path), cancellationToken: Token));
            Assert.Equal(409, refused.StatusCode);
            Assert.Contains("the stored file 'app.conf' is sealed", refused.Message, StringComparison.Ordinal);
            Assert.False(File.Exists(path));
        }

        Assert.True((await client.File.DeployAsync("web-01", Request("app.conf", path), cancellationToken: Token)).AllSucceeded);
        Assert.False((await client.File.UploadAsync("app.conf", Content("text"), cancellationToken: Token)).Changed);
        Assert.True((await client.File.UploadAsync("app.conf", Content("text"), force: true, cancellationToken: Token)).Changed);
        Assert.True((await client.File.GetAsync("app.conf", cancellationToken: Token)).Unsealed);
        File.Delete(path);
        Assert.True((await client.File.DeployAsync("old-01", Request("app.conf", path), cancellationToken: Token)).AllSucceeded);
        Assert.Equal("text", await File.ReadAllTextAsync(path, Token));

        // Once every host has a key, the next upload seals it.
        trust.Hosts.HasHostsWithoutKey = false;
        Assert.True((await client.File.UploadAsync("app.conf", Content("text"), cancellationToken: Token)).Changed);
        Assert.Null((await client.File.GetAsync("app.conf", cancellationToken: Token)).Unsealed);
        Assert.False((await client.File.UploadAsync("app.conf", Content("text"), cancellationToken: Token)).Changed);
    }

    private async Task<OsapiClient> StartAsync()
    {
        await trust.AgentTransportAsync("web-01");
        var controller = await trust.StartControllerAsync();
        await trust.StartAgentAsync("web-01");
        await UntilReadyAsync(controller.Client, 1);
        return controller.Client;
    }

    private static DeployFile Request(string name, string path) => new() { ObjectName = name, Path = path, ContentType = FileContentType.Raw };

    private static MemoryStream Content(string text) => new(Encoding.UTF8.GetBytes(text));

    private async Task<string> DownloadAsync(OsapiClient client, string name)
    {
        await using var content = await client.File.DownloadAsync(name, Token);
        using StreamReader reader = new(content);
        return await reader.ReadToEndAsync(Token);
    }
}
