using CsCheck;

namespace Osapi.Orchestrator.Tests.Properties;

/// <summary>
/// Tests of the properties of any plan. A failure prints its seed; OSAPI_TEST_FULL=1 uses plans of up to 2,000 tasks.
/// </summary>
public sealed class RandomPlanTests
{
    [Fact]
    public Task Every_task_ends_once_and_none_starts_before_its_dependencies_end() => CheckAsync(RandomPlan.Any, async world =>
    {
        var run = await Simulation.RunAsync(world);

        Assert.Empty(run.Violations);
        Assert.Empty(run.Report.HookErrors);
        Assert.All(run.TerminalEvents, count => Assert.Equal(1, count));
        Assert.Equal(world.Tasks.Length, run.Report.Tasks.Select(task => task.Name).Distinct().Count());
        Assert.DoesNotContain(run.Report.Tasks, task => task.Status is Status.Pending or Status.Running);
        Assert.True(run.NothingIsLeftRunning);
        Assert.Equal(run.Report.Tasks.All(task => task.Status is not (Status.Failed or Status.Cancelled)), run.Report.Succeeded);
    });

    [Fact]
    public Task Every_task_of_a_plan_that_nothing_stops_ends_as_the_rules_say() => CheckAsync(RandomPlan.Timeless, async world =>
    {
        foreach (var options in (PlanOptions[])[new(), new() { MaxParallelism = 3 }, new() { LevelBarriers = true }])
        {
            var run = await Simulation.RunAsync(world, options);

            Assert.Equal(Oracle.Statuses(world), Enumerable.Range(0, world.Tasks.Length).Select(place => run.Report.Get($"{place}")!.Status));
        }
    });

    [Fact]
    public Task Never_more_bodies_run_than_allowed() => CheckAsync(Gen.Select(RandomPlan.Any, Gen.Int[1, 8]), async (world, limit) =>
    {
        var run = await Simulation.RunAsync(world, new() { MaxParallelism = limit });

        Assert.InRange(run.MostRunning, 0, limit);
        Assert.Empty(run.Violations);
    });

    [Fact]
    public Task A_run_takes_as_long_as_its_critical_path() => CheckAsync(RandomPlan.Successful, async world =>
    {
        var run = await Simulation.RunAsync(world);

        Assert.Equal(Oracle.CriticalPath(world), run.Report.Duration);
        Assert.Equal(run.Report.Duration, run.Report.CriticalPath.Aggregate(TimeSpan.Zero, (sum, task) => sum + task.Duration));
        Assert.All(run.Report.CriticalPath.Zip(run.Report.CriticalPath.Skip(1)), pair => Assert.Equal(pair.First.EndedAt, pair.Second.StartedAt));
    });

    [Fact]
    public Task The_same_plan_gives_the_same_report() => CheckAsync(RandomPlan.Any.Select(WithoutLimits), async world =>
    {
        var first = await Simulation.RunAsync(world);
        var second = await Simulation.RunAsync(world);

        Assert.Equal(first.Account, second.Account);
    });

    [Fact]
    public Task One_task_at_a_time_gives_the_same_events() => CheckAsync(RandomPlan.Any.Select(WithoutLimits), async world =>
    {
        var first = await Simulation.RunAsync(world, new() { MaxParallelism = 1 });
        var second = await Simulation.RunAsync(world, new() { MaxParallelism = 1 });

        Assert.Equal(first.Events, second.Events);
        Assert.Equal(first.Account, second.Account);
    });

    [Fact]
    public Task A_cancelled_run_ends_at_once_and_loses_nothing() => CheckAsync(Gen.Select(RandomPlan.Any.Select(WithoutLimits), Gen.Int[0, 5000]), async (world, at) =>
    {
        var run = await Simulation.RunAsync(world, cancelAt: at);

        Assert.InRange(run.Report.Duration, TimeSpan.Zero, TimeSpan.FromTicks(at));
        Assert.Equal(world.Tasks.Length, run.Report.Tasks.Count);
        Assert.All(run.TerminalEvents, count => Assert.Equal(1, count));
        Assert.True(run.NothingIsLeftRunning);
        if (run.Report.Tasks.Any(task => task.Status == Status.Cancelled) && run.Report.Tasks.All(task => task.Status != Status.Failed))
            Assert.Equal(PlanOutcome.Cancelled, run.Report.Outcome);
        // Simultaneous events may come in either order.
        if (run.Report.Tasks.Count > 0 && run.Report.Tasks.Max(task => task.EndedAt) < run.Report.StartedAt + TimeSpan.FromTicks(at))
            Assert.NotEqual(PlanOutcome.Cancelled, run.Report.Outcome);
    });

    [Fact]
    public Task A_deadline_or_a_caller_that_comes_before_the_last_end_is_the_outcome_whatever_became_of_the_tasks() => CheckAsync(Gen.Select(RandomPlan.Any.Select(WithoutLimits), Gen.Int[1, 5000], Gen.Bool), async (world, at, deadline) =>
    {
        var limit = TimeSpan.FromTicks(at);
        var run = deadline ? await Simulation.RunAsync(world, new() { Deadline = limit }) : await Simulation.RunAsync(world, cancelAt: at);
        var ends = run.Report.Tasks.Select(task => task.EndedAt - run.Report.StartedAt).ToList();
        var wanted = deadline ? PlanOutcome.TimedOut : PlanOutcome.Cancelled;

        Assert.Equal(run.Report.Outcome == PlanOutcome.Succeeded, run.Report.Succeeded);
        if (run.Report.Tasks.Any(task => task.Status == Status.Cancelled && task.EndedAt - run.Report.StartedAt == limit) && !run.Report.Tasks.Any(task => task.Status == Status.Failed))
            Assert.Equal(wanted, run.Report.Outcome);
        if (ends.Count > 0 && ends.Max() < limit)
            Assert.True(run.Report.Outcome is PlanOutcome.Succeeded or PlanOutcome.Failed);
        Assert.All(run.TerminalEvents, count => Assert.Equal(1, count));
    });

    [Fact]
    public Task With_barriers_no_task_starts_before_the_level_before_it_has_ended() => CheckAsync(RandomPlan.Any, async world =>
    {
        var run = await Simulation.RunAsync(world, new() { LevelBarriers = true });
        var levels = Levels(world);

        foreach (var (before, after) in levels.Zip(levels.Skip(1)))
        {
            var end = before.Max(place => run.Report.Get($"{place}")!.EndedAt);
            Assert.All(after, place => Assert.True(run.Report.Get($"{place}")!.StartedAt is not { } start || start >= end));
        }
    });

    // A time limit cancels its own token a moment later than the plan's, which is the only order that a virtual clock
    // cannot define.
    private static RandomPlan WithoutLimits(RandomPlan world) => new([.. world.Tasks.Select(task => task with { Limit = null })]);

    private static IReadOnlyList<IReadOnlyList<int>> Levels(RandomPlan world)
    {
        var levelOf = new int[world.Tasks.Length];
        for (var place = 0; place < levelOf.Length; place++)
            levelOf[place] = world.Tasks[place].Dependencies.Select(dependency => levelOf[dependency] + 1).DefaultIfEmpty().Max();
        return [.. Enumerable.Range(0, levelOf.Length).GroupBy(place => levelOf[place]).OrderBy(level => level.Key).Select(level => (IReadOnlyList<int>)[.. level])];
    }

    private static Task CheckAsync<T>(Gen<T> plans, Func<T, Task> property) =>
        plans.SampleAsync(property, iter: RandomPlan.Iterations, threads: 2, print: value => $"{value}");

    private static Task CheckAsync<T1, T2, T3>(Gen<(T1, T2, T3)> plans, Func<T1, T2, T3, Task> property) => CheckAsync(plans, all => property(all.Item1, all.Item2, all.Item3));

    private static Task CheckAsync<T1, T2>(Gen<(T1, T2)> plans, Func<T1, T2, Task> property) => CheckAsync(plans, pair => property(pair.Item1, pair.Item2));
}
