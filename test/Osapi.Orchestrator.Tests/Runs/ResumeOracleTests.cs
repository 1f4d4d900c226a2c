using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Tests.Runs;

/// <summary>Random plans whose runner is killed at every one of its calls, and resumed: they end as if nothing had happened, and nothing is done twice.</summary>
public sealed class ResumeOracleTests
{
    private const int Plans = 25;
    private const int AllPlans = 3_000;

    [Fact]
    public async Task A_run_that_is_killed_and_resumed_ends_as_one_that_is_not()
    {
        var first = int.TryParse(Environment.GetEnvironmentVariable("OSAPI_TEST_SEED"), out var given) ? given : Environment.TickCount & 0xfffff;
        var plans = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? AllPlans : Plans;
        var kills = 0;
        for (var seed = first; seed < first + plans; seed++)
            kills += await CheckAsync(seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"{plans} plans from seed {first}, {kills} kills");
        Assert.True(kills > plans);
    }

    [Fact]
    public async Task Two_runners_that_fight_over_a_run_make_each_call_once()
    {
        var first = Environment.TickCount & 0xfffff;
        for (var seed = first; seed < first + Plans; seed++)
        {
            var undisturbed = await RunAsync(seed, []);
            RecordedPlan tasks = new(seed);
            RecordedController controller = new(seed) { Outcome = tasks.OutcomeOf, Changes = tasks.Changes };
            RunId id = RunId.New();
            // The first goes on when the second takes over.
            KillableInvoker one = new(controller, int.MaxValue, arrives: true) { Reaches = 2 + (seed % (undisturbed.Calls - 1)) };
            var losing = tasks.Build(one, new() { Plan = "random", Id = id }).RunAsync(TestContext.Current.CancellationToken);
            await Task.WhenAny(one.Reached, losing).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
            KillableInvoker other = new(controller, int.MaxValue, arrives: true);
            var report = await tasks.Build(other, new() { Plan = "random", Resume = id, Force = true, RetryFailed = false }).RunAsync(TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
            Assert.True(undisturbed.Text == TextOf(report, controller), $"seed {seed}:\n{Difference(undisturbed.Text, TextOf(report, controller))}");
            // It has lost, or had written its end before the other took over.
            try
            {
                await losing.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
                Assert.Contains(controller.Journal.TakeWhile(batch => batch.Entries[0].Kind != JournalEntryKind.Takeover), batch => batch.Entries.Any(entry => entry.Kind == JournalEntryKind.Over));
            }
            catch (RunInterruptedException exception)
            {
                Assert.Equal(id, exception.Run);
            }
        }
    }

    private static async Task<int> CheckAsync(int seed)
    {
        var undisturbed = await RunAsync(seed, []);
        Random random = new(seed);
        // Every call of a short run, some of a long one.
        List<int> points = [.. Enumerable.Range(2, undisturbed.Calls - 1)];
        foreach (var point in points.Count > 20 ? points.OrderBy(_ => random.Next()).Take(20) : points)
        {
            int[] kills = random.Next(3) == 0 ? [point, random.Next(3, 12)] : [point];
            var disturbed = await RunAsync(seed, kills);
            Assert.True(undisturbed.Text == disturbed.Text, $"seed {seed}, killed at {string.Join(" and ", kills)}:\n{Difference(undisturbed.Text, disturbed.Text)}");
        }

        return points.Count;
    }

    private static async Task<(string Text, int Calls)> RunAsync(int seed, int[] kills)
    {
        RecordedPlan tasks = new(seed);
        RecordedController controller = new(seed) { Outcome = tasks.OutcomeOf, Changes = tasks.Changes };
        RunId id = RunId.New();
        var isStarted = false;
        for (var process = 0; ; process++)
        {
            var kill = process < kills.Length ? kills[process] : int.MaxValue;
            KillableInvoker invoker = new(controller, kill, arrives: (seed + process) % 2 == 0);
            isStarted = controller.Journal.Count > 0;
            var plan = tasks.Build(invoker, new() { Plan = "random", Id = isStarted ? null : id, Resume = isStarted ? id : null });
            var running = plan.RunAsync(TestContext.Current.CancellationToken);
            await Task.WhenAny(running, invoker.Killed).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
            if (running.IsCompleted)
                return (TextOf(await running, controller), invoker.Calls);
        }
    }

    private static string Difference(string expected, string actual) =>
        string.Join('\n', expected.Split('\n').Except(actual.Split('\n')).Select(line => $"- {line}").Concat(actual.Split('\n').Except(expected.Split('\n')).Select(line => $"+ {line}")));

    private static string TextOf(Report report, RecordedController controller) => string.Join('\n', [
        .. report.Tasks.Select(task => $"{task.Name} {task.Status} {task.SkipReason} changed={task.Changed} attempts={task.Attempts} "
            + string.Join(", ", task.HostResults.Select(host => $"{host.Hostname} {host.Status} {host.SkipReason} {host.Attempts} {host.Data?.ToJsonString()} {string.Join("; ", host.Items.Select(item => $"{item.Key} {item.Status} {item.Changed} {item.SkipReason} {item.Error} {item.Attempts} {item.Data?.ToJsonString()}"))}"))),
        $"owed {string.Join(", ", report.Owed)}",
        .. controller.Done.OrderBy(done => done.Key).Select(done => $"{done.Key.Task} on {done.Key.Host}: {done.Value}"),
    ]);
}
