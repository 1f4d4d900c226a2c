using Microsoft.Extensions.Time.Testing;

namespace Osapi.Transport.Tests;

public sealed class WaitBudgetTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Minute = TimeSpan.FromMinutes(1), Limit = TimeSpan.FromSeconds(9);

    private readonly FakeTimeProvider time = new();

    [Fact]
    public void Waits_one_after_the_other_share_it_and_each_has_a_moment_uncounted()
    {
        using var budget = WaitBudget.Begin(Limit, time);

        Wait(4 * Second);
        Wait(Second);

        using var third = WaitBudget.Enter();
        Assert.Equal(Limit - 5 * Second + 3 * WaitBudget.Uncounted, third.AtMost(Minute));
        Assert.Equal(Second, third.AtMost(Second));
        time.Advance(third.AtMost(Minute));
        Assert.True(third.IsOver);
    }

    [Fact]
    public void Waits_at_the_same_time_are_one()
    {
        using var budget = WaitBudget.Begin(Limit, time);
        var (first, second) = (WaitBudget.Enter(), WaitBudget.Enter());

        time.Advance(4 * Second);
        first.Dispose();
        second.Dispose();

        using var third = WaitBudget.Enter();
        Assert.Equal(Limit - 4 * Second + 2 * WaitBudget.Uncounted, third.AtMost(Minute));
    }

    [Fact]
    public void Many_calls_that_are_answered_are_no_wait()
    {
        using var budget = WaitBudget.Begin(Limit, time);

        for (var i = 0; i < 10_000; i++)
            Wait(WaitBudget.Uncounted);

        using var next = WaitBudget.Enter();
        Assert.Equal(Limit + WaitBudget.Uncounted, next.AtMost(Minute));
    }

    [Fact]
    public void A_transfer_in_pieces_resets_the_budget_with_each_piece()
    {
        using var budget = WaitBudget.Begin(Limit, time);

        for (var i = 0; i < 10; i++)
        {
            Wait(5 * Second);
            WaitBudget.Renew();
        }

        using var next = WaitBudget.Enter();
        Assert.Equal(Limit + WaitBudget.Uncounted, next.AtMost(Minute));
    }

    [Fact]
    public async Task It_holds_in_the_flow_that_began_it_until_its_end_and_nowhere_else()
    {
        await BeginAndEndAsync();
        Assert.Equal(Minute, WaitBudget.Enter().AtMost(Minute));

        TaskCompletionSource ended = new();
        Task<TimeSpan> goesOn;
        using (WaitBudget.Begin(Limit, time))
            goesOn = AfterAsync(ended.Task);
        ended.SetResult();
        Assert.Equal(Minute, await goesOn);

        async Task BeginAndEndAsync()
        {
            using var budget = WaitBudget.Begin(Limit, time);
            await Task.Yield();
            Assert.NotEqual(Minute, WaitBudget.Enter().AtMost(Minute));
        }

        static async Task<TimeSpan> AfterAsync(Task end)
        {
            await end;
            return WaitBudget.Enter().AtMost(Minute);
        }
    }

    [Fact]
    public async Task A_timeout_is_reported_as_a_transport_exception()
    {
        using var budget = WaitBudget.Begin(Limit, time);
        TaskCompletionSource<int> never = new(), soon = new();

        var late = WaitBudget.WaitAsync(never.Task, "it did not come", TestContext.Current.CancellationToken);
        time.Advance(Limit + WaitBudget.Uncounted);
        var next = WaitBudget.WaitAsync(soon.Task, "it did not come", TestContext.Current.CancellationToken);
        soon.SetResult(1);

        Assert.Equal("it did not come", (await Assert.ThrowsAsync<TransportException>(() => late)).Message);
        Assert.Equal(1, await next);
    }

    private void Wait(TimeSpan length)
    {
        using var wait = WaitBudget.Enter();
        time.Advance(length);
    }
}
