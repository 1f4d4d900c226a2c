using Microsoft.Extensions.Time.Testing;

namespace Osapi.Transport.Tests;

/// <summary>Tests that background work continues after an interruption and logs it once.</summary>
public sealed class RetryLoopTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider time = new();
    private readonly List<string> said = [];
    private int attempts;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_retries_after_the_delay_and_logs_an_outage_once()
    {
        var failures = 0;
        var running = new RetryLoop(time, Second) { Failed = _ => failures++ }.RunAsync(() => Attempt("gone", "gone", "gone, and how"), said.Add, Token);

        Assert.Equal(1, attempts);
        Advance(0.9);
        Assert.Equal(1, attempts);
        Advance(0.1);
        Assert.Equal(2, attempts);
        Advance(1, 1);
        await running;

        Assert.Equal(4, attempts);
        Assert.Equal(3, failures);
        Assert.Equal(["gone", "gone, and how"], said);
    }

    [Fact]
    public async Task An_attempt_that_went_well_for_a_while_begins_a_new_outage()
    {
        var running = new RetryLoop(time, Second).RunAsync(
            async () =>
            {
                if (++attempts == 3)
                    return;
                await Task.Delay(attempts * TimeSpan.FromSeconds(5), time, Token);
                throw new TransportException("gone");
            },
            said.Add,
            Token);

        Advance(5, 1, 10, 1);
        await running;

        Assert.Equal(["gone", "gone"], said);
    }

    [Fact]
    public async Task The_delay_doubles_up_to_the_longest()
    {
        var running = new RetryLoop(time, Second, 3 * Second).RunAsync(() => Attempt("a", "b", "c", "d"), said.Add, Token);

        foreach (var delay in new[] { 1, 2, 3, 3 })
        {
            var before = attempts;
            Advance(delay - 0.1);
            Assert.Equal(before, attempts);
            Advance(0.1);
            Assert.Equal(before + 1, attempts);
        }

        await running;
    }

    [Fact]
    public Task Another_exception_ends_it() =>
        Assert.ThrowsAsync<InvalidOperationException>(() => new RetryLoop(time, Second).RunAsync(() => throw new InvalidOperationException(), said.Add, Token));

    [Fact]
    public async Task A_cancellation_ends_the_delay()
    {
        using CancellationTokenSource source = new();
        var running = new RetryLoop(time, Second).RunAsync(() => Attempt("gone"), said.Add, source.Token);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task Rounds_continue_after_an_interrupted_one_and_end_without_an_exception()
    {
        using CancellationTokenSource source = new();
        var running = PeriodicLoop.RunAsync(Second, time, _ => Attempt("gone"), exception => said.Add(exception.Message), source.Token);

        Advance(1, 1);
        await source.CancelAsync();
        await running;

        Assert.Equal(2, attempts);
        Assert.Equal(["gone"], said);
    }

    private Task Attempt(params string[] failures) =>
        attempts++ < failures.Length ? Task.FromException(new TransportException(failures[attempts - 1])) : Task.CompletedTask;

    private void Advance(params IReadOnlyList<double> seconds)
    {
        foreach (var some in seconds)
            time.Advance(TimeSpan.FromSeconds(some));
    }
}
