using Osapi.Client;
using Osapi.Fleet.Tests.Running;
using Osapi.Operations.Runs;

namespace Osapi.Fleet.Tests;

/// <summary>Runs whose controllers are killed while they go on: everything is done once.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class KilledControllerRunTests(SingleBroker broker)
{
    private const int Lanes = 3;
    private const int MaxAttempts = 50;

    private int runs;
    private int continued;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_task_of_a_run_whose_controllers_are_killed_is_done_once_on_each_host()
    {
        var fleet = await broker.GetAsync();
        var random = Size.Chance();
        var seed = random.Next();
        await CounterPlan.ClearAsync(fleet, Token);
        var kills = Size.Of(30, 300);
        using CancellationTokenSource enough = new();
        var lanes = Enumerable.Range(0, Lanes).Select(lane => RunAsync(fleet, lane, seed, enough.Token)).ToList();
        for (var kill = 0; kill < kills && !lanes.Exists(lane => lane.IsCompleted); kill++)
        {
            await Task.WhenAny([.. lanes, Task.Delay(TimeSpan.FromSeconds(3 * random.NextDouble()), TimeProvider.System, Token)]);
            var controller = fleet.Controllers[random.Next(2)];
            await controller.KillAsync();
            await controller.StartAsync(Token);
        }

        await enough.CancelAsync();
        await Task.WhenAll(lanes);
        Size.Say($"{kills} kills of controllers during {runs} runs of {CounterPlan.Size}, of which {continued} were continued by a command");
        Assert.True(runs > 0);
    }

    private async Task RunAsync(RunningFleet fleet, int lane, int seed, CancellationToken enough)
    {
        for (var round = 0; !enough.IsCancellationRequested; round++)
        {
            CounterPlan plan = new(fleet, $"outlives-{lane}-{round}", new(seed + (round * Lanes) + lane));
            var command = plan.Command;
            for (var attempt = 1; ; attempt++)
            {
                await using (var process = plan.Start(command))
                    if (await process.EndedAsync() == 0)
                        break;
                Assert.True(attempt < MaxAttempts, $"{plan.Name} does not end");
                // A command may end when its controller does; the run goes on with the next one.
                var run = await FindAsync(fleet, plan);
                if (run?.Status == RunStatus.Succeeded)
                    break;
                // Its process has ended: nobody has to wait, for longer than a controller lives here, until that is certain.
                command = run is null ? plan.Command : ["run", run.Status is RunStatus.Running or RunStatus.Interrupted ? "resume" : "retry", run.Id.Value, "--force"];
                Interlocked.Increment(ref continued);
            }

            Assert.Equal([], plan.NotOnce());
            Interlocked.Increment(ref runs);
        }
    }

    // From whichever controller answers: one of them may be dead.
    private static async Task<RunSummary?> FindAsync(RunningFleet fleet, CounterPlan plan)
    {
        for (var attempt = 0; ; attempt++)
            try
            {
                return await plan.FindRunAsync(fleet.Calls[attempt % 2], Token);
            }
            catch (OsapiException) when (attempt < MaxAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Token);
            }
    }
}
