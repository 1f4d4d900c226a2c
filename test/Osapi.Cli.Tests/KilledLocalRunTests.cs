using System.Globalization;
using System.Text;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>
/// Runs without a controller that are killed with the system that they started for themselves. Several at a time, each in a directory of its own, so that processes that start do not wait for each other.
/// </summary>
public sealed class KilledLocalRunTests
{
    private const int Tasks = 20;
    private const int Lanes = 4;

    private static readonly int Rounds = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 300 : 30;

    private int kills;
    private int inDoubt;

    [Fact]
    public async Task Nothing_is_done_twice_and_what_is_not_done_is_told()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("OSAPI_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"OSAPI_TEST_SEED={seed}");
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            await using CliFixture fixture = new();
            for (var round = lane; round < Rounds; round += Lanes)
                await KillAsync(fixture, round, new(seed + round));
        }));
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {inDoubt} tasks in doubt");
    }

    private async Task KillAsync(CliFixture fixture, int round, Random random)
    {
        var place = Directory.CreateDirectory(Path.Combine(fixture.Directory, $"{round}")).FullName;
        var run = fixture.Start("run", fixture.File($"{round}.yaml", PlanOf(round, place, random)));
        var id = (await run.LineAsync("run "))[4..].Trim();
        // When a random task begins, and a moment later.
        await run.LineAsync($"running    t{random.Next(Tasks)} ");
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(40)), TimeProvider.System, TestContext.Current.CancellationToken);
        run.Signal(RunningProgram.Kill);
        await run.EndAsync();
        Interlocked.Increment(ref kills);

        var resumed = await fixture.RunAsync("run", "resume", id, "--json");

        // A shell that is killed may have created its file and not written to it.
        Assert.All(Directory.GetFiles(place), file => Assert.InRange(File.ReadAllLines(file).Length, 0, 1));
        // It may have ended in that moment.
        if (resumed.Error.Contains("has ended", StringComparison.Ordinal))
            return;
        Assert.InRange(resumed.ExitCode, ExitCode.Ok, ExitCode.Failed);
        foreach (var task in resumed.Report.GetProperty("tasks").EnumerateArray())
        {
            var (name, status) = (task.GetProperty("name").GetString()!, task.GetProperty("status").GetString());
            var lines = File.Exists(Path.Combine(place, name)) ? File.ReadAllLines(Path.Combine(place, name)).Length : 0;
            // Whether it was done is known, or the report says that it is not.
            Assert.True(lines == 1 || status is "failed" or "skipped" or "cancelled", $"seed of round {round}, {name}: {status} and not done");
            if (status == "failed")
                Interlocked.Increment(ref inDoubt);
        }
    }

    private static string PlanOf(int round, string place, Random random)
    {
        StringBuilder plan = new();
        plan.Append(CultureInfo.InvariantCulture, $"name: local-{round}\non_error: continue\nmax_parallelism: 3\ntasks:\n");
        for (var task = 0; task < Tasks; task++)
            plan.Append(CultureInfo.InvariantCulture, $"- {{name: t{task}, op: command.shell.execute, target: _any, with: {{command: \"sleep 0.0{random.Next(1, 10)}; echo done >> {place}/t{task}\"}}{(task < 3 ? "" : $", depends_on: [t{random.Next(task - 3, task)}]")}}}\n");
        return plan.ToString();
    }
}
