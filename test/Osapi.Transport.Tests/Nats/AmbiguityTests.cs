using System.Diagnostics;
using System.Text;
using Osapi.Transport.Nats;
using Osapi.Transport.Tests.Contract;

namespace Osapi.Transport.Tests.Nats;

/// <summary>Tests of appends whose requests or answers get lost.</summary>
public sealed class AmbiguityTests(NatsServerFixture fixture) : RelayTest(fixture, createsStreams: false)
{
    private static readonly Append Start = new(StreamName.Jobs, "state.1.web", Encoding.ASCII.GetBytes("mine"), ExpectedLast: 0);

    [Fact]
    public async Task An_append_whose_answer_was_lost_is_known_to_be_in_the_log()
    {
        relay.SwallowAnswers();
        var append = behindRelay.AppendAsync([Start], Token);
        await ArrivedAsync("mine");
        relay.Cut();

        Assert.Equal(new AppendResult(Appended: true, 1), await append);
        Assert.Equal(1, (await direct.StateAsync(StreamName.Jobs, Token)).LastSequence);
    }

    [Fact]
    public async Task Also_when_another_message_follows_it_by_then()
    {
        relay.SwallowAnswers();
        var append = behindRelay.AppendAsync([Start], Token);
        await ArrivedAsync("mine");
        await direct.AppendAsync([Start with { Payload = Encoding.ASCII.GetBytes("next"), ExpectedLast = 1 }], Token);
        relay.Cut();

        Assert.Equal(new AppendResult(Appended: true, 1), await append);
        Assert.Equal(2, (await direct.StateAsync(StreamName.Jobs, Token)).LastSequence);
    }

    [Fact]
    public async Task A_lost_append_is_refused_when_another_with_the_same_content_came_first()
    {
        relay.SwallowRequests();
        var append = behindRelay.AppendAsync([Start], Token);
        await direct.AppendAsync([Start], Token);
        relay.Cut();

        Assert.Equal(new AppendResult(Appended: false, 0, Start.Subject), await append);
        Assert.Equal(1, (await direct.StateAsync(StreamName.Jobs, Token)).LastSequence);
    }

    [Fact]
    public async Task An_append_without_a_condition_is_stored_once()
    {
        relay.SwallowAnswers();
        var append = behindRelay.AppendAsync([Start with { ExpectedLast = null }], Token);
        await ArrivedAsync("mine");
        relay.Cut();

        Assert.Equal(new AppendResult(Appended: true, 1), await append);
        Assert.Equal(1, (await direct.StateAsync(StreamName.Jobs, Token)).LastSequence);
    }

    [Fact]
    public async Task Calls_fail_when_the_broker_is_silent_for_long_and_succeed_afterwards()
    {
        relay.SwallowRequests();
        var began = Stopwatch.GetTimestamp();

        var calls = new Func<Task>[]
        {
            () => behindRelay.AppendAsync([Start], Token),
            () => behindRelay.LastAsync(StreamName.Jobs, "a", Token),
            () => behindRelay.StateAsync(StreamName.Jobs, Token),
            () => behindRelay.PurgeAsync(StreamName.Jobs, "a", before: null, Token),
            () => behindRelay.PingAsync(Token),
            () => behindRelay.Hosts.PutAsync("web", default, null, Token),
            () => behindRelay.Results.FindAsync("1", Token),
        };
        await Task.WhenAll(calls.Select(call => Assert.ThrowsAsync<TransportException>(call)));

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5 * 15));
        using CancellationTokenSource source = new();
        var given = behindRelay.AppendAsync([Start], source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        relay.Cut();
        Assert.True((await behindRelay.AppendAsync([Start with { Subject = "other" }], Token)).Appended);
    }

    [Fact]
    public async Task Calls_of_one_request_fail_when_its_budget_is_spent_however_many_they_are()
    {
        relay.SwallowRequests();
        var began = Stopwatch.GetTimestamp();

        using (WaitBudget.Begin(TimeSpan.FromSeconds(2.5), TimeProvider.System))
        {
            for (var i = 0; i < 5; i++)
                await Assert.ThrowsAsync<TransportException>(() => behindRelay.AppendAsync([Start], Token));
            await Assert.ThrowsAsync<TransportException>(() => behindRelay.Files.ListAsync(Token));
        }

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_reader_recovers_lost_messages_and_skips_messages_removed_meanwhile()
    {
        await using var controller = await NatsTransport.ConnectAsync(options with { Urls = [relay.Url] }, Token);
        await direct.AppendAsync([Start, Start with { Subject = "second", ExpectedLast = null }], Token);
        await using var messages = controller.FollowAsync(StreamName.Jobs, "", 0, Token).GetAsyncEnumerator(Token);
        Assert.True(await messages.MoveNextAsync());
        Assert.True(await messages.MoveNextAsync());
        var last = messages.Current.Sequence;

        relay.SwallowAnswers();
        var gone = (await direct.AppendAsync([Start with { Subject = "gone", ExpectedLast = null }], Token)).Sequence;
        await direct.RemoveAsync(StreamName.Jobs, [gone], Token);
        var next = (await direct.AppendAsync([Start with { Subject = "next", ExpectedLast = null }], Token)).Sequence;
        relay.Cut();

        Assert.True(await messages.MoveNextAsync());
        Assert.Equal((last + 2, "next"), (messages.Current.Sequence, messages.Current.Subject));
        Assert.Equal(next, messages.Current.Sequence);
    }

    [Fact]
    public async Task Waiting_calls_continue_after_an_interruption()
    {
        await using var follower = behindRelay.FollowAsync(StreamName.Jobs, "", 0, Token).GetAsyncEnumerator(Token);
        await direct.AppendAsync([Start], Token);
        await follower.NextAsync();
        await using var watcher = behindRelay.Hosts.WatchAsync(Token).GetAsyncEnumerator(Token);
        var change = watcher.NextAsync();
        var next = follower.NextAsync();
        var delivery = behindRelay.DequeueAsync(Token);

        relay.Cut();
        await direct.AppendAsync([new(StreamName.Jobs, "a", Encoding.ASCII.GetBytes("later")), new(StreamName.WorkQueue, "any", Encoding.ASCII.GetBytes("queued"))], Token);
        await direct.Hosts.PutAsync("web", Encoding.ASCII.GetBytes("new"), null, Token);

        Assert.Equal("later", (await next).Text());
        Assert.Equal("new", (await change).Text());
        await (await delivery).AcknowledgeAsync(Token);
        Assert.Equal("queued", (await delivery).Message.Text());
    }

    private async Task ArrivedAsync(string text)
    {
        while ((await direct.LastAsync(StreamName.Jobs, Start.Subject, Token))?.Text() != text)
            await Task.Yield();
    }
}
