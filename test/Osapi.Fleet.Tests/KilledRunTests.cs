using Osapi.Fleet.Tests.Running;
using Osapi.Operations.Runs;

namespace Osapi.Fleet.Tests;

/// <summary>Runs whose process is killed, and which are resumed: everything is done once. Several at a time, so that processes that start do not wait for each other.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class KilledRunTests(SingleBroker broker)
{
    private const int Lanes = 3;

    private int kills;
    private int resumed;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_task_of_a_run_that_is_killed_and_resumed_is_done_once_on_each_host()
    {
        var fleet = await broker.GetAsync();
        var seed = Size.Chance().Next();
        await CounterPlan.ClearAsync(fleet, Token);
        // As long as a run takes beside others.
        var durations = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => RunAsync(new(fleet, $"whole-{lane}", new(seed + lane)))));
        var rounds = Size.Of(30, 300);

        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            for (var round = lane; round < rounds; round += Lanes)
                await KillAsync(fleet, new(fleet, $"killed-{round}", new(seed + round)), durations.Max(), new(seed + round));
        }));

        Size.Say($"{kills} kills in {rounds} runs of {CounterPlan.Size}, resumed {resumed} times; one run takes {durations.Max().TotalSeconds:0.0} s");
        Assert.True(kills >= rounds / 2, $"{kills} kills");
    }

    [Fact]
    public async Task Two_processes_that_fight_over_a_run_do_every_task_once_on_each_host()
    {
        var fleet = await broker.GetAsync();
        var random = Size.Chance();
        await CounterPlan.ClearAsync(fleet, Token);
        var duration = await RunAsync(new(fleet, "alone", random));
        var fights = 0;
        for (var round = 0; round < Size.Of(4, 40); round++)
        {
            CounterPlan plan = new(fleet, $"fought-{round}", random);
            await using var one = plan.Start(plan.Command);
            var id = (await one.LineAsync("run ", Token))[4..].Trim();
            await Task.Delay(duration * random.NextDouble(), TimeProvider.System, Token);
            await using var other = plan.Start(["run", "resume", id, "--force"]);
            var codes = await Task.WhenAll(one.EndedAsync(), other.EndedAsync());

            Assert.Equal([], plan.NotOnce());
            // The other one has lost the run, or found that it had ended.
            Assert.Contains(0, codes);
            fights += codes[1] == 0 ? 1 : 0;
        }

        Size.Say($"{fights} of {Size.Of(4, 40)} runs were taken over while their process went on");
    }

    private async Task KillAsync(RunningFleet fleet, CounterPlan plan, TimeSpan duration, Random random)
    {
        var command = plan.Command;
        while (true)
        {
            await using var process = plan.Start(command);
            var end = process.EndedAsync();
            // A run that is resumed is killed again now and then.
            var isKilled = command[1] != "resume" || random.Next(3) == 0;
            if (isKilled && await Task.WhenAny(end, Task.Delay(duration * random.NextDouble(), TimeProvider.System, Token)) != end)
            {
                await process.EndAsync(FleetProcess.Kill);
                Interlocked.Increment(ref kills);
            }
            else if (await end == 0)
            {
                break;
            }
            else
            {
                // Killed in the middle of its first request: the run was recorded after the test had looked for it.
                Assert.NotEqual("resume", command[1]);
            }

            // Killed before it was recorded, it has done nothing, also when the run before it was already ended for it.
            if (await plan.FindRunAsync(fleet.Calls[1], Token) is not { Status: not RunStatus.Superseded } run)
                continue;
            Assert.True(run.Status is RunStatus.Running or RunStatus.Interrupted or RunStatus.Succeeded, $"{run.Status}");
            if (run.Status == RunStatus.Succeeded)
                break;
            command = ["run", "resume", run.Id.Value];
            Interlocked.Increment(ref resumed);
        }

        Assert.Equal([], plan.NotOnce());
    }

    private static async Task<TimeSpan> RunAsync(CounterPlan plan)
    {
        var begin = TimeProvider.System.GetTimestamp();
        await using var process = plan.Start(plan.Command);
        Assert.Equal(0, await process.EndedAsync());
        Assert.Equal([], plan.NotOnce());
        return TimeProvider.System.GetElapsedTime(begin);
    }
}
