using Osapi.Agent.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Handlers;

public sealed class FamilyLockTests
{
    private readonly ExecutionFixture fixture = new();
    private readonly Host host;

    public FamilyLockTests() => host = new() { Name = "web-01", Time = fixture.Time };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_free_lock_is_had_at_once()
    {
        using var held = await AcquireAsync();

        Assert.Equal(TimeSpan.Zero, held.Waited);
    }

    [Fact]
    public async Task Operations_get_the_lock_in_the_order_in_which_they_asked()
    {
        var first = await AcquireAsync();
        List<int> order = [];
        var waiting = Enumerable.Range(0, 50).Select(async number =>
        {
            using var held = await AcquireAsync();
            order.Add(number);
        }).ToList();
        Assert.All(waiting, task => Assert.False(task.IsCompleted));

        first.Dispose();
        await Task.WhenAll(waiting);

        Assert.Equal(Enumerable.Range(0, 50), order);
    }

    [Fact]
    public async Task The_time_of_waiting_is_reported()
    {
        var first = await AcquireAsync();
        var second = AcquireAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(7));
        first.Dispose();

        using var held = await second;

        Assert.Equal(TimeSpan.FromSeconds(7), held.Waited);
    }

    [Fact]
    public async Task Families_do_not_wait_for_each_other()
    {
        using var one = await AcquireAsync();
        using var other = await host.Locks.AcquireAsync("package", host, Token);

        Assert.Equal(TimeSpan.Zero, other.Waited);
    }

    [Fact]
    public async Task All_jobs_of_a_host_share_its_locks_and_hosts_do_not()
    {
        using var held = await AcquireAsync();
        var job = host with { ShowsContent = true };

        Assert.False(job.Locks.AcquireAsync("service", job, Token).IsCompleted);
        Host other = new() { Name = "web-02" };
        using var elsewhere = await other.Locks.AcquireAsync("service", other, Token);
    }

    [Fact]
    public async Task One_that_gives_up_is_passed_over()
    {
        using CancellationTokenSource cancel = new();
        var first = await AcquireAsync();
        var second = host.Locks.AcquireAsync("service", host, cancel.Token);
        var third = AcquireAsync();
        await cancel.CancelAsync();

        await Assert.ThrowsAsync<FamilyLockCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        first.Dispose();
        (await third).Dispose();
        using var later = await AcquireAsync();
    }

    [Fact]
    public async Task One_that_was_stopped_before_it_asked_does_not_keep_the_lock()
    {
        await Assert.ThrowsAsync<FamilyLockCanceledException>(() => host.Locks.AcquireAsync("service", host, new(canceled: true)));

        using var held = await AcquireAsync();
        await Assert.ThrowsAsync<FamilyLockCanceledException>(() => host.Locks.AcquireAsync("service", host, new(canceled: true)));
    }

    [Fact]
    public async Task Releasing_twice_does_not_release_the_next_one()
    {
        var first = await AcquireAsync();
        var second = AcquireAsync();
        first.Dispose();
        using var held = await second;
        first.Dispose();

        Assert.False(AcquireAsync().IsCompleted);
    }

    [Fact]
    public async Task Cancels_and_releases_at_the_same_time_lose_no_lock_and_give_it_to_one_only()
    {
        var running = 0;
        var had = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (number, _) =>
        {
            using CancellationTokenSource cancel = new();
            var asked = host.Locks.AcquireAsync("service", host, cancel.Token);
            if (number % 2 == 0)
                await cancel.CancelAsync();
            try
            {
                using var held = await asked;
                Assert.Equal(1, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
                Interlocked.Increment(ref had);
            }
            catch (FamilyLockCanceledException)
            {
                Assert.True(number % 2 == 0);
            }
        });

        Assert.InRange(had, 1000, 2000);
        using var last = await AcquireAsync();
    }

    [Fact]
    public async Task An_operation_that_runs_out_of_time_while_it_waits_has_not_run()
    {
        using var held = await AcquireAsync();
        TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = fixture.RunAsync(Acts.Run, (_, _, stop) => WaitAsync(waiting, stop), """{"name":"x","timeout":90}""");
        await waiting.Task;
        fixture.Time.Advance(TimeSpan.FromSeconds(90));

        var entry = await running;

        Assert.Equal((Outcome.Failed, ErrorType.Unavailable, false), (entry.Outcome, entry.ErrorType, entry.Changed));
        Assert.Equal("not run within 90 s: it waited for another service operation on this host", entry.Error);
    }

    [Fact]
    public async Task An_operation_that_is_cancelled_while_it_waits_has_not_run()
    {
        using var held = await AcquireAsync();
        using CancellationTokenSource cancel = new();
        TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = fixture.RunAsync(Acts.Run, (_, _, stop) => WaitAsync(waiting, stop), cancellationToken: cancel.Token);
        await waiting.Task;
        await cancel.CancelAsync();

        var entry = await running;

        Assert.Equal((Outcome.Cancelled, ErrorType.Cancelled, false), (entry.Outcome, entry.ErrorType, entry.Changed));
        Assert.Equal("cancelled before it ran: it waited for another service operation on this host", entry.Error);
    }

    private Task<FamilyLock> AcquireAsync() => host.Locks.AcquireAsync("service", host, Token);

    private async Task<Osapi.Agent.Handlers.HandlerResult<ActResult>> WaitAsync(TaskCompletionSource waiting, CancellationToken stop)
    {
        var asked = host.Locks.AcquireAsync("service", host, stop);
        waiting.SetResult();
        using var held = await asked;
        return new ActResult("ran");
    }
}
