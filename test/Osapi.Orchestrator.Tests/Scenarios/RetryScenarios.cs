using Osapi.Orchestrator.Engine;

namespace Osapi.Orchestrator.Tests.Scenarios;

public sealed class RetryScenarios
{
    [Fact, Scenario(14)]
    public async Task A_retry_succeeds_after_passing_failures()
    {
        var plan = Plans.Plan(new() { OnError = ErrorStrategy.Retry(2) });
        plan.FailsAtFirst("a", times: 2);

        var result = Assert.Single((await plan.ToEndAsync()).Tasks);

        Assert.Equal((Status.Changed, 3), (result.Status, result.Attempts));
    }

    [Fact, Scenario(15)]
    public async Task A_task_whose_retries_are_used_up_has_failed()
    {
        var plan = Plans.Plan(new() { OnError = ErrorStrategy.Retry(1) });
        plan.FailsAtFirst("a", times: 5);

        var result = Assert.Single((await plan.ToEndAsync()).Tasks);

        Assert.Equal((Status.Failed, 2, "failure 2"), (result.Status, result.Attempts, result.Error!.Message));
    }

    [Fact, Scenario(16)]
    public async Task A_task_may_be_retried_in_a_plan_that_stops()
    {
        var plan = Plans.Plan();
        plan.FailsAtFirst("a", times: 1).OnError(ErrorStrategy.Retry(1));

        var result = Assert.Single((await plan.ToEndAsync()).Tasks);

        Assert.Equal((Status.Changed, 2), (result.Status, result.Attempts));
    }

    [Fact, Scenario(17)]
    public async Task A_retry_waits_for_its_backoff()
    {
        VirtualTime time = new();
        List<TimeSpan> starts = [];
        Plan plan = new(null, Plans.On(time) with { Random = () => 0.999 });
        plan.FailsAtFirst("a", times: 2, also: () => starts.Add(time.Elapsed)).OnError(ErrorStrategy.Retry(2, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200)));

        var result = Assert.Single((await plan.ToEndAsync()).Tasks);

        Assert.Equal(3, result.Attempts);
        Assert.InRange(starts[1] - starts[0], TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(50));
        Assert.InRange(starts[2] - starts[1], TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(100));
        Assert.Equal(starts[2], result.Duration);
    }

    [Fact, Scenario(18)]
    public async Task A_retry_without_backoff_does_not_wait()
    {
        VirtualTime time = new();
        Plan plan = new(null, Plans.On(time));
        plan.FailsAtFirst("a", times: 1).OnError(ErrorStrategy.Retry(1));

        Assert.Equal(TimeSpan.Zero, Assert.Single((await plan.ToEndAsync()).Tasks).Duration);
    }

    // Differs: a run that is cancelled during a backoff gives a report, and the task is cancelled, not failed.
    [Fact, Scenario(19)]
    public async Task Cancelling_the_run_ends_a_backoff()
    {
        VirtualTime time = new();
        using CancellationTokenSource source = new();
        await using var timer = time.CreateTimer(_ => source.Cancel(), null, TimeSpan.FromMilliseconds(30), Timeout.InfiniteTimeSpan);
        Plan plan = new(null, Plans.On(time));
        plan.FailsAtFirst("a", times: 5).OnError(ErrorStrategy.Retry(3, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)));

        var report = await plan.RunAsync(source.Token);

        var result = Assert.Single(report.Tasks);
        Assert.Equal((Status.Cancelled, 1, "failure 1"), (result.Status, result.Attempts, result.Error!.Message));
        Assert.Equal(TimeSpan.FromMilliseconds(30), report.Duration);
        Assert.Equal(PlanOutcome.Cancelled, report.Outcome);
    }

    [Fact, Scenario(26)]
    public async Task A_retry_needs_no_hooks()
    {
        var plan = Plans.Plan();
        plan.FailsAtFirst("a", times: 1).OnError(ErrorStrategy.Retry(1));

        Assert.Equal(2, Assert.Single((await plan.ToEndAsync()).Tasks).Attempts);
    }

    [Fact, Scenario(51)]
    public void The_first_backoff_is_the_initial_one() => Assert.Equal(TimeSpan.FromMilliseconds(100), Delay(1, max: 5000));

    [Fact, Scenario(52)]
    public void The_second_backoff_is_twice_as_long() => Assert.Equal(TimeSpan.FromMilliseconds(200), Delay(2, max: 5000));

    [Fact, Scenario(53)]
    public void A_backoff_is_never_longer_than_its_maximum() => Assert.Equal(TimeSpan.FromMilliseconds(300), Delay(5, max: 300));

    private static TimeSpan Delay(int attempt, int max) =>
        Backoff.Delay(ErrorStrategy.Retry(9, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(max)), attempt);
}
