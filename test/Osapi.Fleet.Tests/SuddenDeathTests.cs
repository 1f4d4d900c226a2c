using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Fleet.Tests;

/// <summary>P5: accepted jobs survive the death of everything.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class SuddenDeathTests(SingleBroker broker)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_accepted_job_is_there_after_everything_was_killed_in_the_middle_of_a_stream_of_them()
    {
        var fleet = await broker.GetAsync();
        var random = Size.Chance();
        Jobs jobs = new(fleet);
        List<Guid> accepted = [];
        for (var round = 1; round <= Size.Of(2, 10); round++)
        {
            using CancellationTokenSource dead = new();
            var stream = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StreamAsync(fleet, jobs, accepted, dead.Token)));
            await Task.Delay(TimeSpan.FromSeconds(0.5 + 2 * random.NextDouble()), TimeProvider.System, Token);
            await Task.WhenAll(fleet.Parts.Select(part => part.KillAsync()));
            await dead.CancelAsync();
            await stream;
            await fleet.HealAsync(Token);
        }

        Dictionary<JobStatus, int> phases = [];
        foreach (var id in accepted)
        {
            var job = await jobs.EndAsync(id, TimeSpan.FromMinutes(5), Token);
            phases[job.Status] = phases.GetValueOrDefault(job.Status) + 1;
            foreach (var calls in fleet.Calls)
                Assert.Equal(job.Status, (await calls.Waiting.Job.GetAsync(JobId.Parse(id.ToString()), cancellationToken: Token)).Status);
        }

        Size.Say($"{accepted.Count} jobs accepted before everything was killed, {Size.Of(2, 10)} times; all are there and over: {string.Join(", ", phases.Select(phase => $"{phase.Value} {phase.Key}"))}");
        Assert.NotEmpty(accepted);
    }

    // Only jobs that a controller reported as accepted count; those submitted while everything died may exist or not.
    private static async Task StreamAsync(RunningFleet fleet, Jobs jobs, List<Guid> accepted, CancellationToken dead)
    {
        for (var i = 0; !dead.IsCancellationRequested; i++)
            try
            {
                var id = await jobs.SubmitAsync(i % 3 == 0 ? fleet.Agents[i % 5].Host.Name : Target.Any, "sleep 0.1", TimeSpan.FromSeconds(5), dead);
                lock (accepted)
                    accepted.Add(id);
            }
            catch (OperationCanceledException)
            {
                return;
            }
    }
}
