using CsCheck;

namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>
/// Tests of random plans over hosts against rules that were written from the design alone. A failure prints its seed and a smaller plan;
/// OSAPI_TEST_FULL=1 runs 20,000 plans of up to 200 tasks on 50 hosts.
/// </summary>
public sealed class FleetPlanTests
{
    private const string Hangs = "the run did not end";

    [Fact]
    public Task Every_cell_of_a_plan_that_nothing_stops_ends_as_the_rules_say() => CheckAsync(RandomFleetPlan.Timeless, static run =>
    {
        var expected = CellPrediction.Of(run.Plan);
        return [.. run.Log.Violations, .. ReportTable.Differences(run, expected), .. ReportTable.OwedDifferences(run, expected), .. RunInvariants.Of(run)];
    });

    [Fact]
    public Task Every_cell_of_a_plan_that_is_stopped_keeps_the_rules() => CheckAsync(RandomFleetPlan.Any, static run =>
        [.. run.Log.Violations, .. RunInvariants.Of(run), .. StopInvariants.Of(run)]);

    private static Task CheckAsync(Gen<FleetPlan> plans, Func<FleetRun, IReadOnlyList<string>> check) => plans.SampleAsync(
        async plan =>
        {
            if (await ProblemsAsync(plan, check) is not { Count: > 0 } problems)
                return;
            // Each attempt at a smaller plan that hangs would take as long.
            if (problems is [Hangs])
                Assert.Fail($"{Hangs}: {plan}");
            var smaller = await FleetShrinker.ShrinkAsync(plan, async one => await ProblemsAsync(one, check) is [var problem, ..] && !IsInvalid(problem));
            // Timing may differ the next time: what is shown is one run.
            FleetRun? shown = null;
            var remaining = await ProblemsAsync(smaller, run => check(shown = run));
            Assert.Fail($"{string.Join("\n", problems.Take(5))}\nA smaller plan: {smaller}\n{string.Join("\n", remaining.Take(10))}\n{shown?.Log}");
        },
        iter: RandomFleetPlan.Iterations,
        threads: 2,
        print: plan => $"{plan.Tasks.Length} tasks on {plan.Hosts.Length} hosts");

    private static async Task<IReadOnlyList<string>> ProblemsAsync(FleetPlan plan, Func<FleetRun, IReadOnlyList<string>> check)
    {
        try
        {
            return check(await FleetRun.RunAsync(plan));
        }
        catch (TimeoutException)
        {
            return [Hangs];
        }
        catch (Exception exception)
        {
            return [$"{exception}"];
        }
    }

    // Smaller is not always valid.
    private static bool IsInvalid(string problem) => problem.Contains(nameof(InvalidPlanException), StringComparison.Ordinal);
}
