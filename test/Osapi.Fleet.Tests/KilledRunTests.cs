using System.Text;
using Osapi.Fleet.Tests.Running;
using Osapi.Operations.Runs;

namespace Osapi.Fleet.Tests;

/// <summary>Runs whose process is killed, and which are resumed: everything is done once.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class KilledRunTests(SingleBroker broker)
{
    private const int Tasks = 50;
    private const int Hosts = 3;
    private const string Place = "/srv/killed";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_task_of_a_run_that_is_killed_and_resumed_is_done_once_on_each_host()
    {
        var fleet = await broker.GetAsync();
        var random = Size.Chance();
        await fleet.Calls[0].Waiting.Command.ShellAsync(Operations.Target.All, new() { Command = $"rm -rf {Place}; mkdir -p {Place}" }, cancellationToken: Token);
        var duration = await RunAsync(fleet, Write(fleet, round: 0, random));
        Assert.Equal([], Missing(fleet, round: 0));

        var (kills, resumed) = (0, 0);
        for (var round = 1; round <= Size.Of(10, 300); round++)
        {
            var plan = Write(fleet, round, random);
            string[] command = RunOf(fleet, plan);
            while (true)
            {
                await using var process = Start(fleet, round, command);
                var end = process.EndedAsync();
                // A run that is resumed is killed again now and then.
                var isKilled = resumed == 0 || command[1] == plan || random.Next(3) == 0;
                if (isKilled && await Task.WhenAny(end, Task.Delay(duration * random.NextDouble(), TimeProvider.System, Token)) != end)
                {
                    await process.EndAsync(FleetProcess.Kill);
                    kills++;
                }
                else
                {
                    Assert.Equal(0, await end);
                    break;
                }

                // Killed before it was recorded, it has done nothing. For 20 s after its start a run counts as heard.
                var runs = await fleet.Calls[1].Waiting.Run.ListAsync(new() { Plan = $"killed-{round}" }, cancellationToken: Token);
                if (runs.Items is [var run, ..])
                {
                    command = ["run", "resume", run.Id.Value, "--force"];
                    resumed++;
                    Assert.True(run.Status is RunStatus.Running or RunStatus.Interrupted or RunStatus.Succeeded, $"{run.Status}");
                    if (run.Status == RunStatus.Succeeded)
                        break;
                }
            }

            Assert.Equal([], Missing(fleet, round));
        }

        Size.Say($"{kills} kills in {Size.Of(10, 300)} runs of {Tasks} tasks on {Hosts} hosts, resumed {resumed} times; one run takes {duration.TotalSeconds:0.0} s");
        Assert.True(kills > 0);
    }

    // Each task appends a line to a file of its own.
    private static string Write(RunningFleet fleet, int round, Random random)
    {
        StringBuilder plan = new();
        plan.Append($"version: 1\nname: killed-{round}\non_error: continue\ntasks:\n");
        for (var task = 0; task < Tasks; task++)
        {
            List<int> earlier = [.. Enumerable.Range(Math.Max(0, task - 8), Math.Min(task, 8)).Where(_ => random.Next(6) == 0)];
            plan.Append($"  - name: t{task}\n    op: command.shell.execute\n    target: _all\n");
            plan.Append($"    with: {{command: \"echo done >> {Place}/{round}-{task}\"}}\n");
            if (earlier.Count > 0)
                plan.Append($"    depends_on: [{string.Join(", ", earlier.Select(other => $"t{other}"))}]\n");
        }

        var path = $"{Place}-{round}.yaml";
        Directory.CreateDirectory(Path.GetDirectoryName(fleet.Controllers[0].Host.Outside(path))!);
        File.WriteAllText(fleet.Controllers[0].Host.Outside(path), plan.ToString());
        return path;
    }

    private static string[] RunOf(RunningFleet fleet, string plan) => ["run", plan, "--limit", string.Join(',', fleet.Agents.Take(Hosts).Select(agent => agent.Host.Name))];

    private static FleetProcess Start(RunningFleet fleet, int round, params string[] command) =>
        fleet.Controllers[0].Host.Launch(Path.Combine(Programs.Logs, $"killed-run-{round}.log"), ["env", "OSAPI_CONFIG=/dev/null", $"OSAPI_STATE_DIR={ControllerCalls.State}", Programs.Osapi, .. command]);

    private static async Task<TimeSpan> RunAsync(RunningFleet fleet, string plan)
    {
        var begin = TimeProvider.System.GetTimestamp();
        await using var process = Start(fleet, round: 0, RunOf(fleet, plan));
        Assert.Equal(0, await process.EndedAsync());
        return TimeProvider.System.GetElapsedTime(begin);
    }

    private static IReadOnlyList<string> Missing(RunningFleet fleet, int round) =>
    [
        .. from agent in fleet.Agents.Take(Hosts)
           from task in Enumerable.Range(0, Tasks)
           let lines = agent.Host.Lines($"{Place}/{round}-{task}").Length
           where lines != 1
           select $"t{task} on {agent.Host.Name}: {lines}",
    ];
}
