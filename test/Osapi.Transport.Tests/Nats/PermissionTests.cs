using System.Text;
using Osapi.Transport.Jobs;
using Osapi.Transport.Nats;
using Osapi.Transport.Tests.Contract;

namespace Osapi.Transport.Tests.Nats;

/// <summary>Tests of the account that <c>osapi nats permissions</c> gives to an agent: enough for its own work, and nothing of others.</summary>
public sealed class PermissionTests
{
    private const string Host = AccountBroker.Host;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("osapi", Host)]
    // Every host name has a key; another system has other names.
    [InlineData("lab-2", "Web_1.lan")]
    public async Task An_agent_in_its_generated_account_does_all_of_its_work(string prefix, string host)
    {
        await using var broker = await AccountBroker.StartAsync(prefix, [host]);
        await using var controller = await NatsTransport.ConnectAsync(broker.Controller, Token);
        await using var agent = await NatsTransport.ConnectAsync(broker.AgentOf(host), Token);

        await WorkAsync(controller, agent, HostKey.Of(host));
    }

    [Fact]
    public async Task An_agent_cannot_ask_for_what_belongs_to_others()
    {
        await using var broker = await AccountBroker.StartAsync();
        await using var controller = await NatsTransport.ConnectAsync(broker.Controller, Token);
        await using var agent = await NatsTransport.ConnectAsync(broker.Agent, Token);
        await controller.Hosts.PutAsync("db-01", Encoding.ASCII.GetBytes("record"), null, Token);
        await controller.Roster.PutAsync("db-01", Encoding.ASCII.GetBytes("word"), null, Token);
        await controller.AppendAsync([new(StreamName.Commands, Subjects.Command("db-01", JobIds.Of("1")), "command"u8.ToArray())], Token);
        await controller.Results.PutAsync("db-01/1.db-01", new Noise(600_000), null, Token);

        // Concurrently, because each takes as long as the timeout of an answer.
        Func<Task>[] forbidden =
        [
            () => agent.AppendAsync([new(StreamName.Jobs, Subjects.State(JobIds.Of("1"), "db-01"), default, ExpectedLast: 0)], Token),
            () => agent.AppendAsync([new(StreamName.Jobs, Subjects.Record(JobIds.Of("2")), default)], Token),
            () => agent.AppendAsync([new(StreamName.Commands, Subjects.Command("db-01", JobIds.Of("1")), default)], Token),
            () => agent.AppendAsync([new(StreamName.WorkQueue, Subjects.Any, default)], Token),
            () => agent.Hosts.PutAsync("db-01", default, null, Token),
            () => agent.Hosts.GetAsync("db-01", Token),
            () => agent.Hosts.ListAsync(Token),
            () => agent.Roster.PutAsync(Host, default, null, Token),
            () => agent.Roster.PutAsync(Roster.IndexKey, default, null, Token),
            () => agent.Roster.GetAsync("db-01", Token),
            () => agent.LastAsync(StreamName.Commands, Subjects.Command("db-01", JobIds.Of("1")), Token),
            () => agent.PurgeAsync(StreamName.Jobs, Subjects.State(JobIds.Of("1"), Host), before: null, Token),
            () => agent.AppendAsync([new(StreamName.Runs, "run.1", default)], Token),
            () => agent.LastAsync(StreamName.Runs, "run.1", Token),
            () => agent.PurgeAsync(StreamName.Runs, "run.1", before: null, Token),
            () => agent.Files.PutAsync("a", new MemoryStream([1]), null, Token),
            () => agent.Requests.PutAsync("a", new MemoryStream([1]), null, Token),
            () => agent.Results.PutAsync("db-01/1.db-01", new MemoryStream([1]), null, Token),
            () => agent.Results.FindAsync("db-01/1.db-01", Token),
        ];
        await Task.WhenAll(forbidden.Select(call => Assert.ThrowsAsync<TransportException>(call)));
    }

    /// <summary>Makes every call of an agent to the transport.</summary>
    private static async Task WorkAsync(NatsTransport controller, NatsTransport agent, string key)
    {
        await agent.PingAsync(Token);
        await agent.Hosts.PutAsync(key, Encoding.ASCII.GetBytes("me"), null, Token);
        Assert.NotNull(await agent.Hosts.GetAsync(key, Token));
        Assert.Null(await agent.Roster.GetAsync(key, Token));
        await controller.Roster.PutAsync(Roster.IndexKey, Encoding.ASCII.GetBytes("index"), null, Token);
        await controller.Roster.PutAsync(key, Encoding.ASCII.GetBytes("word"), null, Token);
        Assert.NotNull(await agent.Roster.GetAsync(Roster.IndexKey, Token));
        Assert.NotNull(await agent.Roster.GetAsync(key, Token));
        var record = await agent.Hosts.GetAsync(key, Token);
        Assert.NotNull(await agent.Hosts.PutAsync(key, Encoding.ASCII.GetBytes("next"), record!.Revision, Token));
        Assert.Null(await agent.Hosts.PutAsync(key, Encoding.ASCII.GetBytes("late"), record.Revision, Token));
        await using var pings = agent.Signals.ListenAsync(Subjects.Ping, Token).GetAsyncEnumerator(Token);
        var ping = pings.NextAsync();
        await using var signals = agent.Signals.ListenAsync(Subjects.RecordChanged(key), Token).GetAsyncEnumerator(Token);
        var signal = signals.NextAsync();
        await using var heartbeats = controller.Signals.ListenAsync(Subjects.Heartbeats, Token).GetAsyncEnumerator(Token);
        var heartbeat = heartbeats.NextAsync();
        await agent.PingAsync(Token);
        await controller.PingAsync(Token);
        await controller.Signals.SendAsync(Subjects.Ping, default, Token);
        await ping;
        await controller.Signals.SendAsync(Subjects.RecordChanged(key), default, Token);
        await signal;
        // An agent finds out by a ping whether another one has its name; this one would answer as well.
        await using var namesakes = agent.Signals.ListenAsync(Subjects.Heartbeat(key), Token).GetAsyncEnumerator(Token);
        var namesake = namesakes.NextAsync();
        await agent.Signals.SendAsync(Subjects.Ping, default, Token);
        await agent.Signals.SendAsync(Subjects.Heartbeat(key), default, Token);
        await heartbeat;
        await namesake;
        // An agent that may be a copy of another sends a claim, and answers the claims of others.
        await using var claims = agent.Signals.ListenAsync(Subjects.Claim("web"), Token).GetAsyncEnumerator(Token);
        var claim = claims.NextAsync();
        await agent.Signals.SendAsync(Subjects.Claim("web"), default, Token);
        await claim;

        await AssertHeardAsync(agent, controller, Subjects.Enrolment(key), Subjects.Confirm(key), Subjects.OutputPart(key, "reader"));
        await AssertHeardAsync(controller, agent, Subjects.EnrolmentReply(key), Subjects.Confirmed(key), Subjects.Tail(key));

        await using var copies = (await agent.ListenAsync(StreamName.Commands, Subjects.CommandsOf(key), Token)).GetAsyncEnumerator(Token);
        var copy = copies.NextAsync();
        await agent.StateAsync(StreamName.Commands, Token);
        await controller.AppendAsync([new(StreamName.Commands, Subjects.Command("db-01", JobIds.Of("1")), default), new(StreamName.Commands, Subjects.Command(key, JobIds.Of("7")), default)], Token);
        Assert.Equal(Subjects.Command(key, JobIds.Of("7")), (await copy.WaitAsync(TimeSpan.FromSeconds(10), Token)).Subject);
        await controller.PurgeAsync(StreamName.Commands, Subjects.Command(key, JobIds.Of("7")), before: null, Token);

        await controller.AppendAsync([new(StreamName.Jobs, Subjects.Record(JobIds.Of("1")), default), new(StreamName.Commands, Subjects.Command(key, JobIds.Of("1")), default), new(StreamName.WorkQueue, Subjects.Any, default)], Token);
        await agent.StateAsync(StreamName.Commands, Token);
        await using var commands = agent.FollowAsync(StreamName.Commands, Subjects.CommandsOf(key), 0, Token).GetAsyncEnumerator(Token);
        Assert.Equal(Subjects.Command(key, JobIds.Of("1")), (await commands.NextAsync()).Subject);
        Assert.NotNull(await agent.LastAsync(StreamName.Commands, Subjects.Command(key, JobIds.Of("1")), Token));
        Assert.True((await agent.AppendAsync([new(StreamName.Jobs, Subjects.State(JobIds.Of("1"), key), default, ExpectedLast: 0)], Token)).Appended);
        Assert.NotNull(await agent.LastAsync(StreamName.Jobs, Subjects.State(JobIds.Of("1"), key), Token));
        Assert.Single(await agent.ReadAsync(StreamName.Jobs, Subjects.State(JobIds.Of("1"), key), after: 0, maxCount: 10, Token));
        var delivery = await agent.DequeueAsync(Token);
        Assert.True((await agent.AppendAsync([new(StreamName.Jobs, Subjects.State(JobIds.Of("1"), HostKey.Any), default, ExpectedLast: 0)], Token)).Appended);
        await delivery.AcknowledgeAsync(Token);
        await controller.AppendAsync([new(StreamName.WorkQueue, Subjects.Quick, default)], Token);
        await (await agent.DequeueAsync(QueueName.Quick, Token)).AcknowledgeAsync(Token);

        await controller.Files.PutAsync("file", new Noise(600_000), null, Token);
        await using (var content = await agent.Files.OpenAsync("file", Token))
            await content!.CopyToAsync(Stream.Null, Token);
        var request = await RequestObjects.PutAsync(controller, JobIds.Of("1"), new byte[600_000], Token);
        Assert.Equal(600_000, (await RequestObjects.ReadAsync(agent, request, Token))!.Value.Length);
        await agent.Results.PutAsync($"{key}/1.{key}", new Noise(600_000), null, Token);
        await using var result = await controller.Results.OpenAsync($"{key}/1.{key}", Token);
        await result!.CopyToAsync(Stream.Null, Token);
    }

    private static async Task AssertHeardAsync(NatsTransport sender, NatsTransport listener, params string[] subjects)
    {
        foreach (var subject in subjects)
        {
            await using var signals = listener.Signals.ListenAsync(subject, Token).GetAsyncEnumerator(Token);
            var heard = signals.NextAsync();
            await listener.PingAsync(Token);
            await sender.Signals.SendAsync(subject, default, Token);
            Assert.Equal(subject, (await heard).Subject);
        }
    }
}
