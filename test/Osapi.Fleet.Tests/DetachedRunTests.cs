using System.Text;
using Osapi.Client;
using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Fleet.Tests;

/// <summary>Plans that controllers run for callers that have gone, while the controllers are killed: everything is done once.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class DetachedRunTests(SingleBroker broker)
{
    private const int Tasks = 50;
    private const int Hosts = 3;
    private const string Place = "/srv/detached";
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_task_of_a_detached_run_is_done_once_while_controllers_are_killed()
    {
        var fleet = await broker.GetAsync();
        var random = Size.Chance();
        await fleet.Calls[0].Waiting.Command.ShellAsync(Target.All, new() { Command = $"rm -rf {Place}; mkdir -p {Place}" }, cancellationToken: Token);
        var begin = TimeProvider.System.GetTimestamp();
        await EndAsync(fleet, await HandOverAsync(fleet, round: 0, random));
        var duration = TimeProvider.System.GetElapsedTime(begin);
        Assert.Equal([], Missing(fleet, round: 0));

        var (kills, takeovers, both) = (0, 0, 0);
        for (var round = 1; round <= Size.Of(10, 300); round++)
        {
            var id = await HandOverAsync(fleet, round, random);
            // One after the other, and now and then both.
            for (var kill = 0; kill < 2; kill++)
            {
                await Task.Delay(duration * random.NextDouble() * 0.7, TimeProvider.System, Token);
                Part[] killed = random.Next(4) == 0 ? [.. fleet.Controllers] : [fleet.Controllers[random.Next(2)]];
                await Task.WhenAll(killed.Select(controller => controller.KillAsync()));
                kills += killed.Length;
                both += killed.Length == 2 ? 1 : 0;
                await Task.WhenAll(killed.Select(controller => controller.StartAsync(Token)));
            }

            await EndAsync(fleet, id);
            takeovers += await TakeoversAsync(fleet, id) - 1;
            Assert.Equal([], Missing(fleet, round));
        }

        Size.Say($"{kills} kills of controllers, {both} times both, in {Size.Of(10, 300)} runs of {Tasks} tasks on {Hosts} hosts, taken over again {takeovers} times; one run takes {duration.TotalSeconds:0.0} s");
        Assert.True(takeovers > 0);
    }

    [Fact]
    public async Task A_controller_that_stops_lets_go_and_the_other_one_goes_on_at_once()
    {
        var fleet = await broker.GetAsync();
        var id = await HandOverTextAsync(fleet, "let-go", """
            version: 1
            name: let-go
            tasks:
              - {name: first, op: command.shell.execute, target: a1, with: {command: "echo $$ >> /srv/let-go; sleep 3"}}
              - {name: second, op: command.shell.execute, target: a1, depends_on: [first], with: {command: "echo done >> /srv/let-go-done"}}
            """);
        var runner = await RunnerAsync(fleet, id, except: null);

        Assert.Equal(0, await fleet.Controllers.Single(controller => controller.Host.Name == runner).EndAsync(FleetProcess.Terminate));
        var begin = TimeProvider.System.GetTimestamp();
        var next = await RunnerAsync(fleet, id, except: runner);
        var time = TimeProvider.System.GetElapsedTime(begin);

        // A runner that died would be missed after 20 s only.
        Assert.True(time < TimeSpan.FromSeconds(10), $"{time}");
        await EndAsync(fleet, id);
        Assert.NotEqual(runner, next);
        Assert.Single(fleet.Agents[0].Host.Lines("/srv/let-go"));
        Assert.Single(fleet.Agents[0].Host.Lines("/srv/let-go-done"));
        await fleet.HealAsync(Token);
    }

    [Fact]
    public async Task Two_controllers_that_are_forced_to_take_over_from_each_other_do_everything_once()
    {
        var fleet = await broker.GetAsync();
        var random = Size.Chance();
        await fleet.Calls[0].Waiting.Command.ShellAsync(Target.All, new() { Command = $"rm -rf {Place}; mkdir -p {Place}" }, cancellationToken: Token);
        var (takeovers, forced) = (0, 0);
        for (var round = 1001; round <= 1000 + Size.Of(2, 20); round++)
        {
            var id = await HandOverAsync(fleet, round, random);
            while (await GetAsync(fleet, id) is not { Ended: not null })
            {
                // A whole process would come too late for a run of a second.
                await fleet.Calls[forced % 2].Waiting.Run.TakeOverAsync(new() { Id = id, Runner = RunId.New(), Force = true, Detached = new() }, cancellationToken: Token);
                forced++;
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, 400)), TimeProvider.System, Token);
            }

            await EndAsync(fleet, id);
            takeovers += await TakeoversAsync(fleet, id) - 1;
            Assert.Equal([], Missing(fleet, round));
        }

        Size.Say($"{forced} times forced, {takeovers} takeovers");
        Assert.True(forced > 0);
    }

    private static async Task<RunId> HandOverAsync(RunningFleet fleet, int round, Random random)
    {
        StringBuilder plan = new();
        plan.Append($"version: 1\nname: detached-{round}\non_error: continue\ntasks:\n");
        for (var task = 0; task < Tasks; task++)
        {
            List<int> earlier = [.. Enumerable.Range(Math.Max(0, task - 8), Math.Min(task, 8)).Where(_ => random.Next(6) == 0)];
            plan.Append($"  - name: t{task}\n    op: command.shell.execute\n    target: _all\n");
            plan.Append($"    with: {{command: \"echo done >> {Place}/{round}-{task}\"}}\n");
            if (earlier.Count > 0)
                plan.Append($"    depends_on: [{string.Join(", ", earlier.Select(other => $"t{other}"))}]\n");
        }

        return await HandOverTextAsync(fleet, $"detached-{round}", plan.ToString(), "--limit", string.Join(',', fleet.Agents.Take(Hosts).Select(agent => agent.Host.Name)));
    }

    private static async Task<RunId> HandOverTextAsync(RunningFleet fleet, string name, string plan, params string[] options)
    {
        var host = fleet.Controllers[0].Host;
        var path = $"/srv/{name}.yaml";
        Directory.CreateDirectory(Path.GetDirectoryName(host.Outside(path))!);
        File.WriteAllText(host.Outside(path), plan);
        await using var process = host.Launch(
            Path.Combine(Programs.Logs, $"{name}.log"), ["env", "OSAPI_CONFIG=/dev/null", $"OSAPI_STATE_DIR={ControllerCalls.State}", Programs.Osapi, "run", path, "--detach", .. options]);
        var line = await process.LineAsync("run ", Token);
        Assert.Equal(0, await process.EndedAsync());
        return line[(line.IndexOf("run ", StringComparison.Ordinal) + 4)..].Trim();
    }

    private static async Task EndAsync(RunningFleet fleet, RunId id)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var run = await GetAsync(fleet, id);
            if (run is { Ended: not null })
            {
                Assert.True(run.Status == RunStatus.Succeeded, run.Status == RunStatus.Succeeded ? null : $"run {id} is {run.Status}: {await FailuresAsync(fleet, run)}");
                return;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(begin) < WaitTimeout, $"run {id} is {run?.Status} by {run?.Controller} after {WaitTimeout.TotalSeconds} s");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);
        }
    }

    // The journal is kept beside the logs.
    private static async Task<string> FailuresAsync(RunningFleet fleet, RunDetail run)
    {
        List<string> journal = [];
        var client = fleet.Calls[0].Waiting.Run;
        JournalPage? page = null;
        do
        {
            page = await client.JournalAsync(new() { Id = run.Id, After = page?.NextAfter, Limit = 1000 }, cancellationToken: Token);
            journal.AddRange(page.Items.SelectMany(batch => batch.Entries.Select(entry => $"{batch.Position} {batch.Timestamp:HH:mm:ss.fff} {batch.Runner}: {entry}")));
        } while (page.NextAfter is not null);
        var file = Path.Combine(Programs.Logs, $"{run.Id}.journal");
        await File.WriteAllLinesAsync(file, journal, Token);
        return $"{string.Join(", ", run.Cells.Select(count => $"{count.Value} {count.Key}"))}; {file}";
    }

    private static async Task<string> RunnerAsync(RunningFleet fleet, RunId id, string? except)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await GetAsync(fleet, id) is { Status: RunStatus.Running, Controller: { } controller } && controller != except)
                return controller;
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < WaitTimeout, $"no controller runs {id} after {WaitTimeout.TotalSeconds} s");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
        }
    }

    // From any controller that answers.
    private static async Task<RunDetail?> GetAsync(RunningFleet fleet, RunId id)
    {
        foreach (var calls in fleet.Calls)
            try
            {
                return await calls.Waiting.Run.GetAsync(id, cancellationToken: Token);
            }
            catch (OsapiException)
            {
                // It is starting, or stopped.
            }

        return null;
    }

    private static async Task<int> TakeoversAsync(RunningFleet fleet, RunId id)
    {
        var count = 0;
        for (long? after = 0; after is not null;)
        {
            var page = await fleet.Calls[0].Waiting.Run.JournalAsync(new() { Id = id, After = after, Limit = 1000 }, cancellationToken: Token);
            count += page.Items.SelectMany(batch => batch.Entries).Count(entry => entry is { Kind: JournalEntryKind.Takeover, Host: not null });
            after = page.NextAfter;
        }

        return count;
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
