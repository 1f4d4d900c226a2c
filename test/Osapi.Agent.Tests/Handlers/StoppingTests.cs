using Osapi.Agent.Handlers;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Handlers;

public sealed class StoppingTests
{
    private readonly ExecutionFixture fixture = new();
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task An_operation_that_runs_out_of_its_default_time_says_so()
    {
        var running = fixture.RunAsync(Acts.Look, UntilStoppedAsync);
        await started.Task;
        fixture.Time.Advance(TimeSpan.FromSeconds(30));

        var entry = await running;

        Assert.Equal((Outcome.Failed, ErrorType.Timeout, "timed out after 30 s", false), (entry.Outcome, entry.ErrorType, entry.Error, entry.Changed));
    }

    [Fact]
    public async Task Its_request_may_set_the_time()
    {
        var running = fixture.RunAsync(Acts.Run, UntilStoppedAsync, """{"name":"x","timeout":0.25}""");
        await started.Task;
        fixture.Time.Advance(TimeSpan.FromSeconds(0.24));
        Assert.False(running.IsCompleted);
        fixture.Time.Advance(TimeSpan.FromSeconds(0.01));

        var entry = await running;

        Assert.Equal("timed out after 0.25 s", entry.Error);
        Assert.True(entry.Changed);
    }

    [Fact]
    public async Task A_cancelled_operation_says_so()
    {
        using CancellationTokenSource cancel = new();
        var running = fixture.RunAsync(Acts.Run, UntilStoppedAsync, cancellationToken: cancel.Token);
        await started.Task;
        await cancel.CancelAsync();

        var entry = await running;

        Assert.Equal((Outcome.Cancelled, ErrorType.Cancelled, "cancelled while it ran", true), (entry.Outcome, entry.ErrorType, entry.Error, entry.Changed));
    }

    [Fact]
    public async Task One_that_was_cancelled_before_does_not_run()
    {
        var entry = await fixture.RunAsync(Acts.Run, UntilStoppedAsync, cancellationToken: new(canceled: true));

        Assert.False(started.Task.IsCompleted);
        Assert.Equal((Outcome.Cancelled, "cancelled before it ran", false), (entry.Outcome, entry.Error, entry.Changed));
    }

    [Fact]
    public async Task A_handler_that_does_not_stop_is_left_behind_after_the_grace_period()
    {
        TaskCompletionSource<HandlerResult<ActResult>> never = new();
        var running = fixture.RunAsync(Acts.Run, (_, _, _) =>
        {
            started.SetResult();
            return never.Task;
        });
        await started.Task;
        fixture.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(running.IsCompleted);
        await AdvanceUntilAsync(running, OperationExecutor.GracePeriod);

        var entry = await running;

        Assert.Equal((ErrorType.Unknown, "timed out after 30 s, but it did not stop and may still be running"), (entry.ErrorType, entry.Error));
    }

    [Fact]
    public async Task The_partial_result_of_a_stopped_handler_is_kept()
    {
        using CancellationTokenSource cancel = new();
        var running = fixture.RunAsync(Acts.Run, async (_, _, cancellationToken) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return HandlerResult<ActResult>.Failed(new("first lines"), "killed", ErrorType.Cancelled);
        }, cancellationToken: cancel.Token);
        await started.Task;
        await cancel.CancelAsync();

        var entry = await running;

        Assert.Equal("first lines", entry.Result?.GetProperty("output").GetString());
    }

    [Fact]
    public async Task An_exception_of_a_stopped_handler_counts_as_the_stop()
    {
        var running = fixture.RunAsync(Acts.Look, async (_, _, cancellationToken) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new IOException("broken pipe");
        });
        await started.Task;
        fixture.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("timed out after 30 s", (await running).Error);
        Assert.Empty(fixture.UnexpectedExceptions);
    }

    [Fact]
    public async Task A_handler_that_blocks_does_not_block_its_caller()
    {
        using ManualResetEventSlim gate = new();
        var running = fixture.RunAsync(Acts.Look, (_, _, _) =>
        {
            gate.Wait(CancellationToken.None);
            return Task.FromResult<HandlerResult<ActResult>>(new ActResult("at last"));
        });
        Assert.False(running.IsCompleted);
        gate.Set();

        Assert.Equal(Outcome.Ok, (await running).Outcome);
    }

    private async Task<HandlerResult<ActResult>> UntilStoppedAsync(Act request, Osapi.Agent.Hosts.Host host, CancellationToken cancellationToken)
    {
        started.SetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return new ActResult("");
    }

    // The grace period starts on another thread shortly after the timeout: the clock advances until the task ends.
    private async Task AdvanceUntilAsync(Task task, TimeSpan step)
    {
        while (!task.IsCompleted)
        {
            fixture.Time.Advance(step);
            await Task.Yield();
        }
    }
}
