using CsCheck;

namespace Osapi.Transport.Tests.Contract;

public abstract partial class TransportContract
{
    [Fact]
    public async Task A_follower_gets_what_is_there_and_then_what_comes()
    {
        await AppendAsync("a", "one");
        await AppendAsync("b", "two");
        await using var follower = Follow();
        var there = await follower.TakeAsync(2);

        var next = follower.NextAsync();
        Assert.False(next.IsCompleted);
        await AppendAsync("c", "three");

        Assert.Equal(["one", "two", "three"], [.. there.Select(message => message.Text()), (await next).Text()]);
        Assert.Equal([1, 2], there.Select(message => message.Sequence));
        Assert.Equal(["a", "b"], there.Select(message => message.Subject));
    }

    [Fact]
    public async Task A_follower_starts_after_the_given_sequence()
    {
        for (var i = 0; i < 5; i++)
            await AppendAsync("a");
        await using var follower = Follow(after: 3);

        Assert.Equal([4, 5], (await follower.TakeAsync(2)).Select(message => message.Sequence));
    }

    [Fact]
    public async Task A_follower_gets_only_subjects_with_its_prefix()
    {
        await AppendAsync("cmd.web.1", stream: StreamName.Commands);
        await AppendAsync("cmd.web-2.2", stream: StreamName.Commands);
        await using var follower = Follow("cmd.web.", stream: StreamName.Commands);
        Assert.Equal("cmd.web.1", (await follower.NextAsync()).Subject);

        await AppendAsync("cmd.db.3", stream: StreamName.Commands);
        await AppendAsync("cmd.web.4", stream: StreamName.Commands);

        Assert.Equal(("cmd.web.4", 4), await follower.NextAsync() is var message ? (message.Subject, message.Sequence) : default);
    }

    [Fact]
    public async Task A_follower_whose_prefix_has_no_dot_at_its_end_gets_one_subject()
    {
        foreach (var subject in new[] { "cmd.web", "cmd.web.1", "cmd.web-2", "cmd", "cmd.web" })
            await AppendAsync(subject);
        await using var follower = Follow("cmd.web");

        Assert.Equal([1, 5], (await follower.TakeAsync(2)).Select(message => message.Sequence));
        await AppendAsync("cmd.web.3");
        await AppendAsync("cmd.web");

        Assert.Equal(7, (await follower.NextAsync()).Sequence);
    }

    [Fact]
    public async Task A_follower_of_an_empty_log_gets_its_first_message()
    {
        await using var follower = Follow();
        var next = follower.NextAsync();

        await AppendAsync("a", "first");

        Assert.Equal("first", (await next).Text());
    }

    [Fact]
    public async Task A_follower_gets_nothing_of_a_refused_append()
    {
        await using var follower = Follow();
        await AppendAsync("a", "first");
        await follower.NextAsync();
        var next = follower.NextAsync();
        Assert.False(next.IsCompleted);
        await Transport.AppendAsync([new(StreamName.Jobs, "a", Bytes("refused"), ExpectedLast: 0)], Token);
        await AppendAsync("a", "second");

        Assert.Equal("second", (await next).Text());
    }

    [Fact]
    public async Task A_follower_that_does_not_read_for_long_misses_nothing()
    {
        const int Count = 5000;
        await using var follower = Follow();
        await AppendAsync("a");
        await follower.NextAsync();

        await Parallel.ForAsync(0, Count, Token, async (_, _) => await AppendAsync("a"));

        Assert.Equal(Enumerable.Range(2, Count).Select(sequence => (long)sequence), (await follower.TakeAsync(Count)).Select(message => message.Sequence));
    }

    [Fact]
    public async Task A_follower_skips_purged_messages()
    {
        for (var i = 0; i < 10; i++)
            await AppendAsync(i % 2 == 0 ? "even" : "odd");
        await Transport.PurgeAsync(StreamName.Jobs, "even", before: null, Token);
        await using var follower = Follow();

        Assert.Equal([2, 4, 6, 8, 10], (await follower.TakeAsync(5)).Select(message => message.Sequence));
    }

    [Fact]
    public async Task A_cancelled_follower_ends_with_its_cancellation()
    {
        using CancellationTokenSource source = new();
        await using var follower = Transport.FollowAsync(StreamName.Jobs, "", 0, source.Token).GetAsyncEnumerator(Token);
        var next = follower.MoveNextAsync().AsTask();

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Followers_see_every_message_once_and_in_order_whatever_the_appends_do()
    {
        var run = 0;
        await Gen.Select(Gen.Int[1, 6], Gen.Int[1, 40], Gen.Int[0, 3], Gen.Int[0, 60], Gen.Int[1, 4]).SampleAsync(
            async (appenders, each, batch, startAt, followers) =>
            {
                var prefix = $"run{Interlocked.Increment(ref run)}.";
                var before = (await Transport.StateAsync(StreamName.Jobs, Token)).LastSequence;
                var total = appenders * each * (batch + 1);
                var running = Enumerable.Range(0, appenders).Select(appender => Task.Run(async () =>
                {
                    for (var i = 0; i < each; i++)
                        await Transport.AppendAsync([.. Enumerable.Range(0, batch + 1).Select(part => new Append(StreamName.Jobs, $"{prefix}{appender}", Bytes($"{(i * (batch + 1)) + part}")))], Token);
                }, Token)).ToArray();

                var seen = await Task.WhenAll(Enumerable.Range(0, followers).Select(number => Task.Run(async () =>
                {
                    // Some start at the beginning, some at the current end of the log.
                    while (number % 2 == 1 && (await Transport.StateAsync(StreamName.Jobs, Token)).LastSequence < before + Math.Min(startAt, total))
                        await Task.Yield();
                    await using var follower = Follow(prefix, before);
                    return await follower.TakeAsync(total);
                }, Token)));
                await Task.WhenAll(running);

                return seen.All(messages =>
                    messages.Select(message => message.Sequence).SequenceEqual(Enumerable.Range(1, total).Select(i => before + i))
                    && messages.GroupBy(message => message.Subject).All(subject => subject.Select(message => message.Text()).SequenceEqual(Enumerable.Range(0, each * (batch + 1)).Select(i => $"{i}"))));
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public async Task An_end_of_the_transport_ends_followers_quietly_and_calls_with_an_exception()
    {
        await using var follower = Follow();
        var next = follower.MoveNextAsync().AsTask();
        await using var watcher = Transport.Hosts.WatchAsync(Token).GetAsyncEnumerator(Token);
        var change = watcher.MoveNextAsync().AsTask();
        await using var listener = Transport.Signals.ListenAsync("", Token).GetAsyncEnumerator(Token);
        var signal = listener.MoveNextAsync().AsTask();
        var delivery = Transport.DequeueAsync(Token);

        await Transport.DisposeAsync();

        Assert.False(await next);
        Assert.False(await change);
        Assert.False(await signal);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => delivery);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Transport.AppendAsync([new(StreamName.Jobs, "a", default)], Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Transport.LastAsync(StreamName.Jobs, "a", Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Transport.DequeueAsync(Token));
        await Transport.DisposeAsync();
    }
}
