using System.Collections.Concurrent;

namespace Osapi.Transport.Tests.Contract;

public abstract partial class TransportContract
{
    private static readonly TimeSpan Held = QueueDelivery.AcknowledgeTimeout;

    [Fact]
    public async Task The_queue_delivers_messages_in_order()
    {
        await QueueAsync("one");
        await QueueAsync("two");

        Assert.Equal("one", (await Transport.DequeueAsync(Token)).Message.Text());
        Assert.Equal("two", (await Transport.DequeueAsync(Token)).Message.Text());
    }

    [Fact]
    public async Task A_caller_waits_for_a_message()
    {
        var delivery = Transport.DequeueAsync(Token);
        Assert.False(delivery.IsCompleted);

        await QueueAsync("one");

        Assert.Equal("one", (await delivery).Message.Text());
    }

    [Fact]
    public async Task Waiting_callers_are_served_first_come_first_served()
    {
        var callers = Enumerable.Range(0, 20).Select(_ => Transport.DequeueAsync(Token)).ToArray();

        for (var i = 0; i < callers.Length; i++)
            await QueueAsync($"{i}");

        var served = await Task.WhenAll(callers);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), served.Select(delivery => delivery.Message.Text()));
    }

    [Fact]
    public async Task Each_message_is_delivered_to_exactly_one_of_many_callers()
    {
        const int Count = 2000;
        ConcurrentBag<string> taken = [];
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var callers = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    var delivery = await Transport.DequeueAsync(done.Token);
                    await delivery.AcknowledgeAsync(Token);
                    taken.Add(delivery.Message.Text());
                    if (taken.Count == Count)
                        await done.CancelAsync();
                }
            }
            catch (OperationCanceledException) when (!Token.IsCancellationRequested)
            {
            }
        }, Token)).ToArray();

        await Parallel.ForAsync(0, Count, Token, async (i, _) => await QueueAsync($"{i}"));
        await Task.WhenAll(callers);

        Assert.Equal(Enumerable.Range(0, Count), taken.Select(int.Parse).Order());
    }

    [Fact]
    public async Task A_message_that_is_not_acknowledged_in_time_is_delivered_again()
    {
        await QueueAsync("one");
        await Transport.DequeueAsync(Token);
        var again = Transport.DequeueAsync(Token);

        await Fixture.LetPassAsync(Held - TimeSpan.FromSeconds(1));
        Assert.False(again.IsCompleted);
        await Fixture.LetPassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal("one", (await again).Message.Text());
    }

    [Fact]
    public async Task A_message_is_delivered_until_it_is_acknowledged()
    {
        await QueueAsync("one");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("one", (await Transport.DequeueAsync(Token)).Message.Text());
            await Fixture.LetPassAsync(Held + TimeSpan.FromSeconds(1));
        }

        await (await Transport.DequeueAsync(Token)).AcknowledgeAsync(Token);
        await QueueAsync("two");

        Assert.Equal("two", (await Transport.DequeueAsync(Token)).Message.Text());
    }

    [Fact]
    public async Task An_acknowledged_message_is_not_delivered_again()
    {
        await QueueAsync("one");
        var delivery = await Transport.DequeueAsync(Token);
        await delivery.AcknowledgeAsync(Token);
        await delivery.AcknowledgeAsync(Token);

        var next = Transport.DequeueAsync(Token);
        await Fixture.LetPassAsync(Held + TimeSpan.FromSeconds(1));
        await QueueAsync("two");

        Assert.Equal("two", (await next).Message.Text());
    }

    [Fact]
    public async Task A_late_acknowledgement_removes_a_message_that_another_holds()
    {
        await QueueAsync("one");
        var first = await Transport.DequeueAsync(Token);
        await Fixture.LetPassAsync(Held + TimeSpan.FromSeconds(1));
        await Transport.DequeueAsync(Token);

        await first.AcknowledgeAsync(Token);
        await Fixture.LetPassAsync(Held + TimeSpan.FromSeconds(1));
        await QueueAsync("two");

        Assert.Equal("two", (await Transport.DequeueAsync(Token)).Message.Text());
    }

    [Fact]
    public async Task A_caller_that_gave_up_takes_no_message()
    {
        using CancellationTokenSource source = new();
        var given = Transport.DequeueAsync(source.Token);
        var patient = Transport.DequeueAsync(Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.DequeueAsync(cancelled));

        await QueueAsync("one");

        Assert.Equal("one", (await patient).Message.Text());
    }

    [Fact]
    public async Task The_queue_keeps_what_was_not_acknowledged()
    {
        await QueueAsync("acknowledged");
        await QueueAsync("held");
        await QueueAsync("waiting");
        await (await Transport.DequeueAsync(Token)).AcknowledgeAsync(Token);
        await Transport.DequeueAsync(Token);

        Transport = await Fixture.ReopenAsync();
        HashSet<string> left = [];
        var first = Transport.DequeueAsync(Token);
        var second = Transport.DequeueAsync(Token);
        // A store that outlives its clients still holds a message for a lost one until the timeout.
        if (!second.IsCompleted)
            await Fixture.LetPassAsync(Held + TimeSpan.FromSeconds(1));
        left.Add((await first).Message.Text());
        left.Add((await second).Message.Text());

        Assert.Equal(["held", "waiting"], left.Order());
    }

    [Fact]
    public async Task A_purged_message_is_not_delivered()
    {
        await QueueAsync("purged");
        await Transport.PurgeAsync(StreamName.WorkQueue, "any", before: null, Token);
        await QueueAsync("kept");

        Assert.Equal("kept", (await Transport.DequeueAsync(Token)).Message.Text());
    }

    [Fact]
    public async Task The_quick_queue_is_one_of_its_own()
    {
        await QueueAsync("one");
        await AppendAsync("quick", "two", StreamName.WorkQueue);
        await QueueAsync("three");

        var quick = await Transport.DequeueAsync(QueueName.Quick, Token);
        Assert.Equal("two", quick.Message.Text());
        await quick.AcknowledgeAsync(Token);
        var next = Transport.DequeueAsync(QueueName.Quick, Token);
        Assert.Equal("one", (await Transport.DequeueAsync(Token)).Message.Text());
        Assert.Equal("three", (await Transport.DequeueAsync(Token)).Message.Text());
        Assert.False(next.IsCompleted);
        await AppendAsync("quick", "four", StreamName.WorkQueue);
        Assert.Equal("four", (await next).Message.Text());
    }

    private Task QueueAsync(string text) => AppendAsync("any", text, StreamName.WorkQueue);
}
