using System.Text;
using Osapi.Transport.Jobs;
using Osapi.Transport.Tests.Contract;
using Osapi.Transport.Tests.Trust;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Tests.Nats;

/// <summary>Tests of copies of commands that an agent receives as they are published.</summary>
public sealed class LiveCopyTests(NatsServerFixture fixture) : RelayTest(fixture, createsStreams: false)
{
    private const string Host = "web-01";

    private static readonly string Command = Subjects.Command(Host, JobIds.Of("1"));

    [Fact]
    public async Task A_copy_has_the_content_and_the_subject_and_no_position()
    {
        await using var copies = await ListenAsync(behindRelay);

        await direct.AppendAsync([new(StreamName.Commands, Subjects.Command("other", JobIds.Of("1")), Bytes("not mine")), new(StreamName.Commands, Command, Bytes("mine"))], Token);

        var copy = await copies.NextAsync();
        Assert.Equal((Command, 0, "mine"), (copy.Subject, copy.Sequence, Encoding.ASCII.GetString(copy.Payload.Span)));
        Assert.InRange(copy.Time, direct.ServerNow - TimeSpan.FromMinutes(1), direct.ServerNow + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_message_that_the_log_knows_already_is_delivered_live_once_more()
    {
        await using var copies = await ListenAsync(behindRelay);
        Append command = new(StreamName.Commands, Command, Bytes("again"), MessageId: "id");

        await direct.AppendAsync([command], Token);
        await direct.AppendAsync([command], Token);

        Assert.Equal(Command, (await copies.NextAsync()).Subject);
        Assert.Equal(Command, (await copies.NextAsync()).Subject);
        Assert.Equal(1, (await direct.StateAsync(StreamName.Commands, Token)).LastSequence);
    }

    [Fact]
    public async Task The_copies_end_with_the_connection_and_the_log_has_what_was_missed()
    {
        await using var copies = await ListenAsync(behindRelay);
        var next = copies.MoveNextAsync().AsTask();

        relay.Cut();

        Assert.False(await next.WaitAsync(TimeSpan.FromSeconds(30), Token));
        await direct.AppendAsync([new(StreamName.Commands, Command, Bytes("missed"))], Token);
        List<Message> read = [];
        await foreach (var message in behindRelay.ReadToEndAsync(StreamName.Commands, Subjects.CommandsOf(Host), 0, Token))
            read.Add(message);
        Assert.Equal((Command, 1), (Assert.Single(read).Subject, read[0].Sequence));
    }

    [Fact]
    public async Task The_copies_end_when_their_reader_is_too_slow()
    {
        await using var copies = await ListenAsync(behindRelay);
        await direct.AppendAsync([.. Enumerable.Range(0, 3000).Select(i => new Append(StreamName.Commands, Subjects.Command(Host, JobIds.Of($"{i}")), Bytes("many")))], Token);

        var received = 0;
        while (await copies.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token))
            received++;

        Assert.InRange(received, 0, 2999);
    }

    [Fact]
    public async Task Reading_to_the_end_ends_also_where_there_is_nothing()
    {
        await foreach (var _ in behindRelay.ReadToEndAsync(StreamName.Commands, Subjects.CommandsOf(Host), 0, Token))
            Assert.Fail("There is nothing to read.");
    }

    [Fact]
    public async Task A_copy_is_checked_in_its_place_like_a_stored_message()
    {
        using TrustFixture trust = new();
        using var keys = AgentKeys.Create();
        trust.Hosts.Set(new(Host, keys.Public));
        var controller = TrustedTransport.ForController(direct, new(trust.Keys), trust.Hosts, new(), trust.Skipped);
        var agent = TrustedTransport.ForAgent(behindRelay, new(Host, keys, [trust.Keys.Public], static _ => { }), new(), trust.Skipped);
        Assert.True(agent.DeliversLive);
        await using var copies = await ListenAsync(agent);

        await controller.AppendAsync([new(StreamName.Commands, Command, Bytes("mine"))], Token);
        var copy = await copies.NextAsync();
        Assert.Equal((null, "mine", true), (copy.Rejection, Encoding.ASCII.GetString(copy.Payload.Span), copy.Signer.IsControllers));

        // The same bytes on another subject, altered bytes, and none of controllers.
        var stored = (await direct.LastAsync(StreamName.Commands, Command, Token))!.Payload.ToArray();
        var altered = stored.ToArray();
        altered[^1] ^= 1;
        await direct.AppendAsync([new(StreamName.Commands, Subjects.Command(Host, JobIds.Of("2")), stored), new(StreamName.Commands, Command, altered), new(StreamName.Commands, Command, Bytes("{}"))], Token);
        for (var i = 0; i < 3; i++)
        {
            copy = await copies.NextAsync();
            Assert.NotNull(copy.Rejection);
            Assert.True(copy.Payload.IsEmpty);
        }
    }

    private static async Task<IAsyncEnumerator<Message>> ListenAsync(ITransport transport)
    {
        var copies = (await transport.ListenAsync(StreamName.Commands, Subjects.CommandsOf(Host), Token)).GetAsyncEnumerator(Token);
        // The subscription is at the broker once a later request is answered.
        await transport.StateAsync(StreamName.Commands, Token);
        return copies;
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
