namespace Osapi.Orchestrator.Tests.Running;

/// <summary>
/// Tests of the outcome of a run that was cancelled, or whose deadline passed: it depends on the time, not on the
/// tasks' outcomes.
/// </summary>
public sealed class EndTests
{
    private readonly VirtualTime time = new();
    private readonly CancellationTokenSource source = new();

    [Theory]
    [InlineData(false, Status.Unchanged)]
    [InlineData(true, Status.Failed)]
    public async Task A_run_that_is_cancelled_while_a_body_ignores_its_token_is_cancelled_with_any_result_of_the_body(bool fails, Status status)
    {
        var plan = Plans.Plan();
        plan.TaskFunc("deaf", async (_, _) =>
        {
            await source.CancelAsync();
            return fails ? throw new InvalidOperationException("boom") : Plans.Unchanged;
        });

        var report = await plan.RunAsync(source.Token);

        Assert.Equal([status], report.Statuses());
        Assert.Equal((PlanOutcome.Cancelled, false), (report.Outcome, report.Succeeded));
    }

    [Fact]
    public async Task A_deadline_that_passes_while_a_body_ignores_its_token_is_the_outcome()
    {
        Plan plan = new(null, Plans.On(time) with { Deadline = TimeSpan.FromSeconds(10) });
        plan.TaskFunc("deaf", async (_, _) =>
        {
            await time.SleepAsync(0, TimeSpan.FromSeconds(11), CancellationToken.None);
            return Plans.Changed;
        });

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Changed], report.Statuses());
        Assert.Equal((PlanOutcome.TimedOut, false), (report.Outcome, report.Succeeded));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_once_every_body_has_ended_has_succeeded_although_the_last_signal_is_still_queued()
    {
        CountingClock clock = new();
        TaskCompletionSource second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var plan = Plans.Plan(new() { TimeProvider = clock, Hooks = new() { AfterTask = (task, _) => HoldTheLoop(task) } });
        plan.Does("first");
        plan.TaskFunc("second", async (_, _) =>
        {
            await second.Task;
            return Plans.Unchanged;
        });

        var report = await plan.RunAsync(source.Token);

        Assert.Equal([Status.Unchanged, Status.Unchanged], report.Statuses());
        Assert.Equal(PlanOutcome.Succeeded, report.Outcome);

        void HoldTheLoop(PlanTask task)
        {
            if (task.Name == "second")
                return;
            // While the loop is here, only the end of the other body reads the time.
            clock.Asked.Reset();
            second.SetResult();
            clock.Asked.Wait(Plans.Token);
            source.Cancel();
        }
    }

    [Fact]
    public async Task A_guard_that_runs_while_the_run_is_cancelled_ends_its_task_afterwards()
    {
        var plan = Plans.Plan();
        plan.Does("guarded").When(_ =>
        {
            source.Cancel();
            return false;
        });

        var report = await plan.RunAsync(source.Token);

        Assert.Equal([Status.Skipped], report.Statuses());
        Assert.Equal(PlanOutcome.Cancelled, report.Outcome);
    }

    [Fact]
    public async Task The_first_of_caller_and_deadline_is_what_ended_the_run()
    {
        Plan plan = new(null, Plans.On(time) with { Deadline = TimeSpan.FromSeconds(10) });
        plan.TaskFunc("deaf", async (_, _) =>
        {
            await time.SleepAsync(0, TimeSpan.FromSeconds(20), CancellationToken.None);
            return Plans.Changed;
        });
        await using var earlier = time.CreateTimer(_ => source.Cancel(), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        Assert.Equal(PlanOutcome.Cancelled, (await plan.RunAsync(source.Token)).Outcome);

        using CancellationTokenSource later = new();
        await using var late = time.CreateTimer(_ => later.Cancel(), null, TimeSpan.FromSeconds(15), Timeout.InfiniteTimeSpan);
        Assert.Equal(PlanOutcome.TimedOut, (await plan.RunAsync(later.Token)).Outcome);
    }

    [Fact]
    public async Task A_plan_without_tasks_has_succeeded_in_any_case() =>
        Assert.Equal(PlanOutcome.Succeeded, (await Plans.Plan().RunAsync(new CancellationToken(canceled: true))).Outcome);

    private sealed class CountingClock : TimeProvider
    {
        public ManualResetEventSlim Asked { get; } = new();

        public override long GetTimestamp()
        {
            Asked.Set();
            return base.GetTimestamp();
        }
    }
}
