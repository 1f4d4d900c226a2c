namespace Osapi.Orchestrator.Tests.Cells;

public sealed class AlwaysTests
{
    [Fact]
    public async Task Runs_after_a_failure_that_stops_the_plan_on_the_hosts_where_something_started()
    {
        ScriptedFleet fleet = new("web-01", "web-02");
        fleet.Script("prepare", "web-02", "failed").Script("work", "web-01", "failed");
        var plan = FleetPlans.Over(fleet);
        var work = plan.On("work", "_all").DependsOn(plan.On("prepare", "_all"));
        plan.On("clean-up", "_all").DependsOn(work).Always();

        var report = await plan.ToEndAsync();

        Assert.Equal("web-01 failed, web-02 skipped: dependency failed", report.Cells("work"));
        Assert.Equal("web-01 unchanged, web-02 cancelled", report.Cells("clean-up"));
    }

    [Fact]
    public async Task Runs_after_a_cancellation_too()
    {
        using CancellationTokenSource source = new();
        var plan = Plans.Plan();
        var work = plan.TaskFunc("work", async (_, cancellationToken) =>
        {
            await source.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return Plans.Unchanged;
        });
        var clean = plan.Does("clean-up", Plans.Changed).DependsOn(work).Always();
        plan.Does("after").DependsOn(clean);

        var report = await plan.RunAsync(source.Token);

        Assert.Equal([Status.Cancelled, Status.Changed, Status.Cancelled], report.Statuses());
        Assert.Equal(PlanOutcome.Cancelled, report.Outcome);
    }

    [Fact]
    public async Task All_together_have_a_limited_time_after_a_deadline()
    {
        VirtualTime time = new();
        Plan plan = new(null, Plans.On(time) with { Deadline = TimeSpan.FromSeconds(5), AlwaysTimeout = TimeSpan.FromSeconds(7) });
        var work = plan.TaskFunc("work", async (_, token) => await SleepAsync(0, token));
        var slow = plan.TaskFunc("slow", async (_, token) => await SleepAsync(1, token)).DependsOn(work).Always();
        plan.Does("late").DependsOn(slow).Always();

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Cancelled, Status.Cancelled, Status.Cancelled], report.Statuses());
        Assert.Equal((PlanOutcome.TimedOut, TimeSpan.FromSeconds(12)), (report.Outcome, report.Duration));

        async Task<Result> SleepAsync(int place, CancellationToken token)
        {
            await time.SleepAsync(place, TimeSpan.FromHours(1), token);
            return Plans.Unchanged;
        }
    }

    [Fact]
    public async Task A_second_cancellation_ends_them()
    {
        using CancellationTokenSource first = new();
        using CancellationTokenSource second = new();
        var plan = Plans.Plan();
        var work = plan.TaskFunc("work", (_, token) => first.CancelAsync().ContinueWith(_ => Plans.Unchanged, TaskScheduler.Default));
        plan.TaskFunc("clean-up", async (_, token) =>
        {
            await second.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return Plans.Unchanged;
        }).DependsOn(work).Always();

        var report = await plan.RunAsync(second.Token, first.Token);

        Assert.Equal([Status.Unchanged, Status.Cancelled], report.Statuses());
    }

    [Fact]
    public async Task Does_not_run_when_none_of_its_dependencies_started()
    {
        var plan = Plans.Plan();
        var work = plan.Does("work").When(_ => false);
        plan.Does("clean-up").DependsOn(work).Always();

        var report = await plan.ToEndAsync();

        Assert.Equal((Status.Skipped, SkipReasons.NoDependenciesStarted), (report.Get("clean-up")!.Status, report.Get("clean-up")!.SkipReason));
    }

    [Fact]
    public void Needs_dependencies_and_excludes_other_conditions()
    {
        var plan = Plans.Plan();
        var first = plan.Does("first").Always();
        plan.Does("second").DependsOn(first).Always().OnlyIfChanged();
        plan.Does("third").DependsOn(first).Always().OnlyIfFailed();

        Assert.Equal(["first", "second", "third"], plan.Validate().Select(error => error.Task));
    }
}
