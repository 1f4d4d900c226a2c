using System.Collections.Concurrent;

namespace Osapi.Orchestrator.Tests.Cells;

public sealed class CallTokenTests
{
    [Fact]
    public async Task The_end_of_a_run_cancels_all_calls_at_once_whatever_the_callbacks_of_one_do()
    {
        ConcurrentDictionary<string, CancellationToken> tokens = [];
        TaskCompletionSource running = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource abandon = new();
        using ManualResetEventSlim release = new();
        ScriptedFleet fleet = new("web-01", "web-02") { Latency = RunAsync };
        var plan = FleetPlans.Over(fleet);
        var work = plan.On("work", "_all");
        plan.On("clean-up", "_all").DependsOn(work).Always();
        plan.On("notify", "_all").DependsOn(work).Always();
        var run = plan.RunAsync(abandon.Token, CancellationToken.None);
        await running.Task.WaitAsync(Plans.Token);

        abandon.Cancel();

        var cancelled = tokens.Values.Select(token => token.IsCancellationRequested).ToList();
        release.Set();
        Assert.Equal([true, true], cancelled);
        Assert.Equal([Status.Unchanged, Status.Cancelled, Status.Cancelled], (await run).Statuses());

        async Task RunAsync(string task, string host, CancellationToken cancellationToken)
        {
            if (task == "work")
                return;
            TaskCompletionSource cancelled = new();
            await using var registration = cancellationToken.Register(() =>
            {
                release.Wait(Plans.Token);
                cancelled.TrySetCanceled(cancellationToken);
            });
            tokens[task] = cancellationToken;
            if (tokens.Count == 2)
                running.TrySetResult();
            await cancelled.Task;
        }
    }

    [Fact]
    public async Task Time_limits_leave_no_timer_behind()
    {
        CountingTime time = new();
        ScriptedFleet fleet = new("web-01", "web-02");
        fleet.Script("retried", "web-02", "failed", "ok");
        var plan = FleetPlans.Over(fleet, new() { TimeProvider = time, Flow = PlanFlow.Host });
        plan.On("retried", "_all").Timeout(TimeSpan.FromDays(1)).OnError(ErrorStrategy.Retry(2));
        plan.Does("function").Timeout(TimeSpan.FromDays(1));

        var report = await plan.ToEndAsync();

        Assert.True(report.Succeeded);
        Assert.Equal(0, time.Timers);
    }

    private sealed class CountingTime : TimeProvider
    {
        private int timers;

        /// <summary>The number of timers that still wait for something.</summary>
        public int Timers => timers;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref timers);
            return new Timer(this, base.CreateTimer(callback, state, dueTime, period));
        }

        private sealed class Timer(CountingTime time, ITimer timer) : ITimer
        {
            private int disposed;

            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

            public void Dispose()
            {
                if (Interlocked.Exchange(ref disposed, 1) == 0)
                    Interlocked.Decrement(ref time.timers);
                timer.Dispose();
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
