using System.Text;
using System.Text.RegularExpressions;
using Osapi.Transport.Jobs;
using Osapi.Transport.Nats;
using Osapi.Transport.Tests.Contract;

namespace Osapi.Transport.Tests.Nats;

/// <summary>The permissions that docs/nats.md gives to an agent: enough for its work, and for nobody else's.</summary>
public sealed partial class PermissionTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_agent_with_the_documented_permissions_does_its_work_and_not_that_of_another()
    {
        await using var server = await NatsServer.StartAsync($$"""
            authorization {
                users: [
                    { user: "controller", password: "c" }
                    { user: "web", password: "w", permissions: { {{Permissions("web")}} } }
                ]
            }
            """);
        await using var controller = await NatsTransport.ConnectAsync(new() { Urls = [server.Url], User = "controller", Password = "c" }, Token);
        ListLogger logger = new();
        await using var agent = await NatsTransport.ConnectAsync(
            new() { Urls = [server.Url], User = "web", Password = "w", CreateStreams = false, InboxPrefix = "_INBOX_web", Logger = logger }, Token);

        await WorkAsync(controller, agent);
        Assert.DoesNotContain(logger.Lines, line => line.Contains("Violation", StringComparison.OrdinalIgnoreCase));

        // At the same time, because each takes as long as an answer is waited for.
        Func<Task>[] forbidden =
        [
            () => agent.AppendAsync([new(StreamName.Jobs, Subjects.State("1", "db"), default, ExpectedLast: 0)], Token),
            () => agent.AppendAsync([new(StreamName.Jobs, Subjects.Record("2"), default)], Token),
            () => agent.AppendAsync([new(StreamName.Commands, Subjects.Command("db", "1"), default)], Token),
            () => agent.AppendAsync([new(StreamName.Any, Subjects.Any, default)], Token),
            () => agent.Hosts.PutAsync("db", default, null, Token),
            () => agent.PurgeAsync(StreamName.Jobs, Subjects.State("1", "web"), before: null, Token),
            () => agent.Files.PutAsync("a", new MemoryStream([1]), null, Token),
            async () => await agent.FollowAsync(StreamName.Commands, Subjects.CommandsOf("db"), 0, Token).GetAsyncEnumerator(Token).NextAsync(),
            async () => await agent.FollowAsync(StreamName.Jobs, "", 0, Token).GetAsyncEnumerator(Token).NextAsync(),
        ];
        await Task.WhenAll(forbidden.Select(ForbiddenAsync));
        foreach (var line in logger.Lines.Where(line => line.Contains("Violation", StringComparison.OrdinalIgnoreCase)))
            output.WriteLine(line);
    }

    /// <summary>Everything that an agent asks of the transport.</summary>
    private static async Task WorkAsync(NatsTransport controller, NatsTransport agent)
    {
        await agent.PingAsync(Token);
        await agent.Hosts.PutAsync("web", Encoding.ASCII.GetBytes("me"), null, Token);
        Assert.NotNull(await agent.Hosts.GetAsync("web", Token));
        await using var pings = agent.Signals.ListenAsync(Subjects.Ping, Token).GetAsyncEnumerator(Token);
        var ping = pings.NextAsync();
        await using var looks = agent.Signals.ListenAsync(Subjects.Look("web"), Token).GetAsyncEnumerator(Token);
        var look = looks.NextAsync();
        await using var beats = controller.Signals.ListenAsync(Subjects.Heartbeats, Token).GetAsyncEnumerator(Token);
        var beat = beats.NextAsync();
        await agent.PingAsync(Token);
        await controller.PingAsync(Token);
        await controller.Signals.SendAsync(Subjects.Ping, default, Token);
        await ping;
        await controller.Signals.SendAsync(Subjects.Look("web"), default, Token);
        await look;
        // Whether another agent has its name, an agent finds out by a call that this one would answer as well.
        await using var namesakes = agent.Signals.ListenAsync(Subjects.Heartbeat("web"), Token).GetAsyncEnumerator(Token);
        var namesake = namesakes.NextAsync();
        await agent.Signals.SendAsync(Subjects.Ping, default, Token);
        await agent.Signals.SendAsync(Subjects.Heartbeat("web"), default, Token);
        await beat;
        await namesake;
        // And one that may be a copy of another asks for its name, and answers those that ask for it.
        await using var claims = agent.Signals.ListenAsync(Subjects.Claim("web"), Token).GetAsyncEnumerator(Token);
        var claim = claims.NextAsync();
        await agent.Signals.SendAsync(Subjects.Claim("web"), default, Token);
        await claim;

        await controller.AppendAsync([new(StreamName.Jobs, Subjects.Record("1"), default), new(StreamName.Commands, Subjects.Command("web", "1"), default), new(StreamName.Any, Subjects.Any, default)], Token);
        await agent.StateAsync(StreamName.Commands, Token);
        await using var commands = agent.FollowAsync(StreamName.Commands, Subjects.CommandsOf("web"), 0, Token).GetAsyncEnumerator(Token);
        Assert.Equal(Subjects.Command("web", "1"), (await commands.NextAsync()).Subject);
        Assert.NotNull(await agent.LastAsync(StreamName.Commands, Subjects.Command("web", "1"), Token));
        Assert.True((await agent.AppendAsync([new(StreamName.Jobs, Subjects.State("1", "web"), default, ExpectedLast: 0)], Token)).Appended);
        Assert.NotNull(await agent.LastAsync(StreamName.Jobs, Subjects.State("1", "web"), Token));
        Assert.Single(await agent.ReadAsync(StreamName.Jobs, Subjects.State("1", "web"), after: 0, most: 10, Token));
        var delivery = await agent.DequeueAsync(Token);
        Assert.True((await agent.AppendAsync([new(StreamName.Jobs, Subjects.State("1", HostKey.Any), default, ExpectedLast: 0)], Token)).Appended);
        await delivery.AcknowledgeAsync(Token);
        await controller.AppendAsync([new(StreamName.Any, Subjects.Quick, default)], Token);
        await (await agent.DequeueAsync(QueueName.Quick, Token)).AcknowledgeAsync(Token);

        await controller.Files.PutAsync("file", new Noise(600_000), null, Token);
        await using (var content = await agent.Files.OpenAsync("file", Token))
            await content!.CopyToAsync(Stream.Null, Token);
        await agent.Results.PutAsync("1.web", new Noise(600_000), null, Token);
        await using var result = await controller.Results.OpenAsync("1.web", Token);
        await result!.CopyToAsync(Stream.Null, Token);
    }

    private static async Task ForbiddenAsync(Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<TransportException>(call);

        Assert.Contains("Permissions Violation", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The block in the documentation, for one host.</summary>
    private static string Permissions(string host)
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "nats.md"));
        return Block.Match(page).Groups[1].Value.Replace("web-01", host, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"permissions: \{\n(.*?)\n\s*\}\n```", RegexOptions.Singleline)]
    private static partial Regex Block { get; }
}
