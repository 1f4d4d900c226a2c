using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Fleet.Tests;

/// <summary>P6: all processes of a cancelled job end, everywhere.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class CancelTests(SingleBroker broker)
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancelling_a_broadcast_ends_trees_of_depth_four_with_a_double_fork_on_every_host()
    {
        var fleet = await broker.GetAsync();
        Jobs jobs = new(fleet);
        // A number that no other process sleeps for.
        var seconds = $"{Random.Shared.Next(10_000_000, 99_999_999)}";
        var tree = $"sh -c 'sh -c \"sh -c \\\"sleep {seconds} & wait\\\" & sleep {seconds} & wait\" & sleep {seconds} & wait' & (setsid sh -c 'setsid sleep {seconds} & sleep {seconds} & wait' &) ; sleep {seconds}";
        const int Sleepers = 6;

        var id = await jobs.SubmitAsync(Target.All, tree, TimeSpan.FromSeconds(60), Token);
        await Task.WhenAll(fleet.Agents.Select(agent => UntilAsync(agent.Host, seconds, Sleepers)));
        var begin = TimeProvider.System.GetTimestamp();
        await fleet.Calls[1].Waiting.Job.CancelAsync(JobId.Parse(id.ToString()), cancellationToken: Token);
        var took = await Task.WhenAll(fleet.Agents.Select(async agent =>
        {
            await UntilAsync(agent.Host, seconds, 0);
            return TimeProvider.System.GetElapsedTime(begin);
        }));
        var job = await jobs.EndAsync(id, TimeSpan.FromSeconds(60), Token);

        Size.Say($"{Sleepers} sleeping processes on each of {took.Length} hosts gone after {string.Join(", ", took.Select(time => $"{time.TotalSeconds:0.00}"))} s");
        Assert.All(took, time => Assert.True(time < 5 * Promise, $"it took {time}"));
        Assert.Equal(JobStatus.Cancelled, job.Status);
        Assert.All(job.Responses.Values, response => Assert.Equal(Outcome.Cancelled, response.Outcome));
        Assert.Equal(fleet.Agents.Count, job.Responses.Count);
    }

    private static async Task UntilAsync(FleetHost host, string seconds, int wanted)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var found = (await host.RunAsync("pgrep", "-c", "-x", "-f", $"sleep {seconds}")).Output.Trim();
            if (found == $"{wanted}")
                return;
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(60), $"{found} processes on {host.Name} instead of {wanted}");
        }
    }
}
