using System.Text;
using Osapi.Agent;
using Osapi.Client;
using Osapi.Controller.Tests.Attacks;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Broker;

/// <summary>Tests of requests on a real broker that are too large for its messages.</summary>
public sealed class LargeRequestTests : TrustedBrokerTest
{
    private const string Canary = "canary-of-a-request-77";

    private readonly SkipCounts skipped = new();
    private OsapiAgent agent = null!;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        skipped.Dispose();
    }

    [Theory]
    [InlineData(600_000)]
    [InlineData(16_000_000)]
    public async Task A_large_request_runs_as_it_was_sent_and_the_broker_cannot_read_it(int size)
    {
        var (client, transport) = await StartAsync();
        var text = string.Concat(Enumerable.Repeat($"{Canary}\n", size / (Canary.Length + 1)));

        foreach (var target in (string[])["web-01", "_any", "_all"])
        {
            var reply = await client.Command.ExecAsync(target, new() { Command = "cat", Stdin = text }, new() { MaxOutput = long.MaxValue }, Token);
            Assert.Equal(text, Assert.Single(reply.Hosts).Result!.Stdout);
        }

        Assert.True(Assert.Single((await client.Command.ExecAsync("web-01", new() { Command = "cat", Stdin = text }, new() { Check = true }, Token)).Hosts).Outcome is Outcome.Ok);
        // It is a secret, and not needed any more.
        while ((await transport.Requests.ListAsync(Token)).Count > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        await AssertBrokerHasNotAsync(Canary);
    }

    [Fact]
    public async Task A_request_without_secrets_stays_with_its_job()
    {
        var (client, transport) = await StartAsync();
        var arguments = Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 100_000)).ToList();

        var reply = await client.Command.ExecAsync("web-01", new() { Command = "sh", Args = ["-c", "printf '%s' \"$*\" | wc -c", .. arguments] }, cancellationToken: Token);

        // The first one is the name of the script.
        Assert.Equal("700006\n", Assert.Single(reply.Hosts).Result!.Stdout);
        Assert.Equal(10, (await client.Job.GetAsync(reply.JobId, cancellationToken: Token)).Operation.Data!.Value.GetProperty("args").GetArrayLength());
        Assert.Single(await transport.Requests.ListAsync(Token));
        await client.Job.DeleteAsync(reply.JobId, cancellationToken: Token);
        Assert.Empty(await transport.Requests.ListAsync(Token));
    }

    [Theory]
    [InlineData("forged")]
    [InlineData("of another job")]
    [InlineData("altered")]
    [InlineData("truncated")]
    [InlineData("removed")]
    public async Task What_somebody_put_in_its_place_does_not_run_and_is_counted(string attack)
    {
        var (client, attacker) = await StartAsync();
        var marker = Path.Join(parts.Directory, "ran");
        await RunAsync(client, JobId.New(), Path.Join(parts.Directory, "other"));
        var other = await ContentAsync(attacker, Assert.Single(await attacker.Requests.ListAsync(Token)).Name);
        // The agent is away, so that the object is replaced before it is read.
        await parts.StopAsync(agent);
        var id = JobId.New();
        var running = RunAsync(client, id, marker);
        ObjectInfo? stored;
        while ((stored = (await attacker.Requests.ListAsync(Token)).FirstOrDefault(info => RequestObjects.JobOf(info.Name) == id)) is null)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        var genuine = await ContentAsync(attacker, stored.Name);
        var counted = skipped.Of(["requests"]);

        if (attack == "removed")
            await attacker.Requests.DeleteAsync(stored.Name, Token);
        else
            await attacker.Requests.PutAsync(stored.Name, new MemoryStream(Forged()), metadata: null, Token);
        agent = await trust.StartAgentAsync("web-01");

        await Assert.ThrowsAnyAsync<OsapiException>(() => running);
        var host = Assert.Single((await client.Job.GetAsync(id, cancellationToken: Token)).Responses).Value;
        Assert.Equal((Outcome.Failed, ErrorType.Unavailable, false), (host.Outcome, host.ErrorType, host.Changed));
        Assert.Contains(attack == "removed" ? "it was removed" : "altered in the object store", host.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(marker));
        Assert.Equal(attack == "removed" ? 0 : 1, skipped.Of(["requests"]) - counted);
        // The next one is genuine.
        await RunAsync(client, JobId.New(), marker);
        Assert.True(File.Exists(marker));

        byte[] Forged() => attack switch
        {
            "forged" => Encoding.UTF8.GetBytes($$"""{"command":"touch","args":["{{marker}}"]}"""),
            "of another job" => other,
            "altered" => [.. genuine[..^20], (byte)(genuine[^20] ^ 1), .. genuine[^19..]],
            _ => genuine[..^30],
        };
    }

    private async Task<(OsapiClient Client, ITransport Store)> StartAsync()
    {
        await trust.AgentTransportAsync("web-01");
        var controller = await trust.StartControllerAsync();
        agent = await trust.StartAgentAsync("web-01");
        await UntilReadyAsync(controller.Client, 1);
        return (controller.Client, await trust.ConnectAsync());
    }

    private async Task RunAsync(OsapiClient client, JobId id, string marker) => (await client.Command.ExecAsync(
        "web-01", new() { Command = "sh", Args = ["-c", "touch \"$0\"", marker, .. Enumerable.Repeat(new string('x', 100_000), 6)] }, new() { JobId = id, StartWithin = TimeSpan.FromMinutes(1) }, Token)).EnsureSuccess();

    private async Task<byte[]> ContentAsync(ITransport store, string name)
    {
        await using var content = await store.Requests.OpenAsync(name, Token);
        MemoryStream kept = new();
        await content!.CopyToAsync(kept, Token);
        return kept.ToArray();
    }
}
