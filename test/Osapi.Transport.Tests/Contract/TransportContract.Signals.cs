using System.Text;

namespace Osapi.Transport.Tests.Contract;

public abstract partial class TransportContract
{
    [Fact]
    public async Task A_signal_reaches_all_listeners_of_its_prefix()
    {
        await using var beats = Listen("hb.");
        await using var web = Listen("hb.web");
        await using var pings = Listen("ping");
        Task<Signal>[] waiting = [beats.NextAsync(), web.NextAsync()];
        var ping = pings.NextAsync();

        await Transport.Signals.SendAsync("hb.web", Bytes("alive"), Token);

        foreach (var signal in await Task.WhenAll(waiting))
            Assert.Equal(("hb.web", "alive"), (signal.Subject, Encoding.UTF8.GetString(signal.Payload.Span)));
        Assert.False(ping.IsCompleted);
        await Transport.Signals.SendAsync("ping", default, Token);
        Assert.Equal("ping", (await ping).Subject);
    }

    [Fact]
    public async Task A_prefix_without_a_dot_at_its_end_is_one_subject()
    {
        await using var listener = Listen("hb.web");
        var next = listener.NextAsync();

        foreach (var other in new[] { "hb.web-01", "hb.web.1", "hb", "hb.web" })
            await Transport.Signals.SendAsync(other, default, Token);

        Assert.Equal("hb.web", (await next).Subject);
    }

    [Fact]
    public async Task A_signal_without_a_listener_is_dropped()
    {
        await Transport.Signals.SendAsync("hb.web", Bytes("lost"), Token);
        await using var listener = Listen("hb.");
        var next = listener.NextAsync();

        await Transport.Signals.SendAsync("hb.web", Bytes("heard"), Token);

        Assert.Equal("heard", Encoding.UTF8.GetString((await next).Payload.Span));
    }

    [Fact]
    public async Task A_listener_gets_signals_in_the_order_of_their_sending()
    {
        await using var listener = Listen("n.");
        var first = listener.NextAsync();
        for (var i = 0; i < 500; i++)
            await Transport.Signals.SendAsync($"n.{i}", default, Token);

        List<Signal> received = [await first, .. await listener.TakeAsync(499)];

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"n.{i}"), received.Select(signal => signal.Subject));
    }

    [Fact]
    public async Task A_listener_that_falls_behind_loses_the_oldest_and_does_not_delay_others()
    {
        const int Count = 200_000;
        await using var listener = Listen("n.");
        var first = listener.NextAsync();
        for (var i = 0; i < Count; i++)
            await Transport.Signals.SendAsync($"n.{i}", default, Token);
        await first;

        List<string> received = [];
        while (received is not [.., var last] || last != $"n.{Count - 1}")
            received.Add((await listener.NextAsync()).Subject);

        Assert.True(received.Count < Count - 1);
        Assert.Equal(Enumerable.Range(Count - 100, 100).Select(i => $"n.{i}"), received.TakeLast(100));
    }

    [Fact]
    public async Task A_cancelled_listener_ends()
    {
        using CancellationTokenSource source = new();
        await using var listener = Transport.Signals.ListenAsync("", source.Token).GetAsyncEnumerator(Token);
        var next = listener.MoveNextAsync().AsTask();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.Signals.SendAsync("a", default, cancelled));
    }

    private IAsyncEnumerator<Signal> Listen(string prefix) => Transport.Signals.ListenAsync(prefix, Token).GetAsyncEnumerator(Token);
}
