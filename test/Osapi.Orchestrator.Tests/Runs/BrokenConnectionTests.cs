using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Tests.Runs;

/// <summary>Tests of calls of a recorded run whose connection breaks: they are neither failures nor made twice.</summary>
public sealed class BrokenConnectionTests
{
    private readonly RecordedController controller = InterruptedRun.NewController();

    [Theory]
    [InlineData(1, true, 0)]
    [InlineData(1, true, 7)]
    [InlineData(1, false, 0)]
    [InlineData(1, false, 7)]
    [InlineData(3, false, 5)]
    public async Task The_job_is_joined_or_submitted_under_the_same_id_when_the_controller_answers_again(int breaks, bool arrives, int away)
    {
        BrokenInvoker invoker = new(controller, breaks, arrives, away);

        var report = await RunAsync(invoker);

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal(1, controller.Done[("write", "h1")]);
        Assert.Single(invoker.Submitted.Distinct());
        Assert.Equal(arrives ? 1 : breaks + 1, invoker.Submitted.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_controller_that_stays_away_leaves_a_call_that_may_have_arrived_unknown(bool arrives)
    {
        var report = await RunAsync(new(controller, breaks: 1, arrives, away: int.MaxValue));

        var host = Assert.Single(report.Get("write")!.HostResults);
        Assert.Equal((Status.Failed, Outcome.Unknown), (report.Get("write")!.Status, host.Outcome));
        Assert.Contains("it is away: whether the job has run is not known", host.Error!, StringComparison.Ordinal);
        Assert.Equal(arrives ? 1 : 0, controller.Done.GetValueOrDefault(("write", "h1")));
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(int.MaxValue, false)]
    public async Task A_call_of_an_earlier_process_is_no_failure_when_the_controller_is_away_at_the_resumption(int away, bool comesBack)
    {
        await InterruptedRun.KillAsync(controller, Write, killAt: 1, arrives: true);

        var report = await RunAsync(new(controller, breaks: 0, arrives: true, away: 0, awayAtFirst: away), new() { Plan = "rules", Resume = InterruptedRun.Id });

        Assert.Equal(comesBack ? Outcome.Ok : Outcome.Unknown, Assert.Single(report.Get("write")!.HostResults).Outcome);
        Assert.Equal(1, controller.Done[("write", "h1")]);
    }

    private static Task<Report> RunAsync(BrokenInvoker invoker, RunOptions? run = null)
    {
        Plan plan = new(new(invoker), new() { Run = run ?? new() { Plan = "broken", Id = RunId.New() }, TimeProvider = new HastyTime() });
        Write(plan);
        return plan.RunAsync(TestContext.Current.CancellationToken);
    }

    private static void Write(Plan plan) => plan.Task("write", TestOperations.Append, "h1", new() { Path = "write" });

    /// <summary>A clock on which every wait is over at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
