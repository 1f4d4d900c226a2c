using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Command;

namespace Osapi.Fleet.Tests;

/// <summary>P1: a job for any host runs on exactly one.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class AnyHostTests(SingleBroker broker)
{
    [Fact]
    public async Task Each_job_for_any_host_runs_once_and_every_host_has_its_share()
    {
        var fleet = await broker.GetAsync();
        var count = Size.Of(400, 2000);
        var file = $"/var/any-{Guid.NewGuid():N}";
        await EveryHostTakesJobsAsync(fleet);

        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = TestContext.Current.CancellationToken }, async (i, _) =>
        {
            var reply = await fleet.Calls[i % fleet.Calls.Count].Waiting.SendAsync(
                CommandOperations.Shell, new ShellCommand { Command = $"echo {i} >> {file}" }, Target.Any, new() { StartWithin = TimeSpan.FromMinutes(10) }, CancellationToken.None);
            Assert.Equal(Outcome.Ok, Assert.Single(reply.As(CommandOperations.Shell).Hosts).Outcome);
        });

        var ran = fleet.Agents.ToDictionary(agent => agent.Host.Name, agent => agent.Host.Lines(file));
        Size.Say($"{count} jobs, executed {ran.Values.Sum(lines => lines.Length)} times: {string.Join(", ", ran.Select(host => $"{host.Key} {host.Value.Length}"))}");
        Assert.Equal(count, ran.Values.Sum(lines => lines.Length));
        Assert.Equal(count, ran.Values.SelectMany(lines => lines).Distinct().Count());
        Assert.DoesNotContain(ran.Values, lines => lines.Length == 0);
    }

    // After a test that lost the broker, an agent may wait 3 seconds before it asks the queue again: longer than all jobs of this test take.
    private static async Task EveryHostTakesJobsAsync(RunningFleet fleet)
    {
        var file = $"/var/warm-{Guid.NewGuid():N}";
        var began = TimeProvider.System.GetTimestamp();
        while (fleet.Agents.Any(agent => agent.Host.Lines(file).Length == 0))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), "a host takes no jobs from the queue");
            await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => fleet.Calls[0].Waiting.Command.ShellAsync(Target.Any, new() { Command = $"echo x >> {file}" }, cancellationToken: TestContext.Current.CancellationToken)));
        }
    }
}
