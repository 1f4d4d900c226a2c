using System.Text;
using Microsoft.Extensions.Time.Testing;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Handlers;

/// <summary>Tests of jobs whose work is not stopped any more from some point on.</summary>
public sealed class CommitPointTests
{
    private readonly FakeTimeProvider time = new();
    private readonly TaskCompletionSource committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ActResult> work = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_cancel_after_the_point_is_answered_late_with_what_was_done()
    {
        using CancellationTokenSource cancel = new();
        var running = RunAsync(null, TestContext.Current.CancellationToken, cancel.Token);
        await committed.Task;
        await cancel.CancelAsync();
        for (var second = 0; second < 20; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.False(running.IsCompleted);
        work.SetResult(new("installed", Changed: true));
        var entry = await running;

        Assert.Equal((Outcome.Ok, null, true, "installed"), (entry.Outcome, entry.Error, entry.Changed, entry.Result?.GetProperty("output").GetString()));
    }

    [Fact]
    public async Task A_cancel_before_the_point_stops_the_job()
    {
        using CancellationTokenSource cancel = new();
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = RunAsync(async (host, stop) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            host.CommitPoint.Pass("apt-get install", stop);
            return new("installed", Changed: true);
        }, TestContext.Current.CancellationToken, cancel.Token);
        await started.Task;
        await cancel.CancelAsync();

        Assert.Equal((Outcome.Cancelled, "cancelled while it ran", false), ((await running).Outcome, (await running).Error, (await running).Changed));
    }

    [Fact]
    public async Task A_time_limit_after_the_point_says_that_the_work_goes_on()
    {
        var running = RunAsync(null, TestContext.Current.CancellationToken, TestContext.Current.CancellationToken);
        await committed.Task;
        await AdvanceUntilAsync(running);

        var entry = await running;
        work.SetResult(new("installed", Changed: true));

        Assert.Equal((Outcome.Unknown, ErrorType.Unknown), (entry.Outcome, entry.ErrorType));
        Assert.Equal("timed out after 30 s, but apt-get install goes on, because it is never ended in the middle: the next act operation on this host waits for it", entry.Error);
    }

    [Fact]
    public async Task A_cancelled_job_is_answered_at_its_time_limit_at_the_latest()
    {
        using CancellationTokenSource cancel = new();
        var running = RunAsync(null, TestContext.Current.CancellationToken, cancel.Token);
        await committed.Task;
        await cancel.CancelAsync();
        await AdvanceUntilAsync(running);

        Assert.StartsWith("cancelled while it ran, but apt-get install goes on", (await running).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_stops_does_not_wait_for_the_work()
    {
        using CancellationTokenSource stopping = new();
        var running = RunAsync(null, stopping.Token, stopping.Token);
        await committed.Task;
        await stopping.CancelAsync();
        time.Advance(TimeSpan.Zero);
        while (!running.IsCompleted)
        {
            // The grace period only, far below the time limit.
            time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        Assert.Equal(Outcome.Unknown, (await running).Outcome);
        Assert.True(time.GetUtcNow() - time.Start < TimeSpan.FromSeconds(29));
    }

    private Task<HostReply> RunAsync(Func<Host, CancellationToken, Task<ActResult>>? act, CancellationToken stopping, CancellationToken cancelled)
    {
        act ??= async (host, stop) =>
        {
            host.CommitPoint.Pass("apt-get install", stop);
            committed.SetResult();
            return await work.Task;
        };
        HandlerTable handlers = new() { { Acts.Set, new Handler<Act, HandlerResult<ActResult>>(async (_, host, stop) => await act(host, stop)) } };
        return new OperationExecutor(handlers, new Host { Name = "web-01", Time = time }, stopping).RunAsync(Acts.Set.Id, Encoding.UTF8.GetBytes("""{"name":"x"}"""), check: false, cancelled);
    }

    private async Task AdvanceUntilAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
