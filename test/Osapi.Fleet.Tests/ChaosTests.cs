using Osapi.Fleet.Tests.Running;
using Osapi.Operations;

namespace Osapi.Fleet.Tests;

/// <summary>P2: no host executes a job twice and no job is lost, even after crashes.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class ChaosTests(SingleBroker broker)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_counter_goes_above_one_and_every_job_ends_while_everything_is_killed_and_cut_at_random()
    {
        var fleet = await broker.GetAsync();
        var random = Size.Chance();
        Jobs jobs = new(fleet);
        FaultInjector faults = new(fleet, new(random.Next()));
        var directory = $"/var/once-{Guid.NewGuid():N}";
        foreach (var agent in fleet.Agents)
            await agent.Host.MustAsync("mkdir", directory);

        using CancellationTokenSource stop = new();
        var breaking = faults.RunAsync(stop.Token);
        var asked = await SubmitAsync(jobs, fleet, random, directory, Size.Of(200, 1000));
        await stop.CancelAsync();
        await breaking;
        await fleet.HealAsync(Token);

        SortedDictionary<string, int> outcomes = [];
        foreach (var (number, id) in asked)
        {
            var job = await jobs.EndAsync(id, TimeSpan.FromMinutes(5), Token);
            var counts = fleet.Agents.ToDictionary(agent => agent.Host.Name, agent => agent.Host.Lines($"{directory}/{number}").Length);
            Assert.All(counts, host => Assert.True(host.Value <= 1, $"job {id} ran {host.Value} times on {host.Key}"));
            Assert.NotEmpty(job.Responses);
            foreach (var response in job.Responses.Values)
            {
                var kind = $"{(job.Target.StartsWith('_') ? job.Target : "directed")} {response.Outcome}";
                outcomes[kind] = outcomes.GetValueOrDefault(kind) + 1;
                var ran = job.Target == "_any" ? counts.Values.Sum() : counts[response.Hostname];
                Assert.True(
                    response.Outcome switch { Outcome.Ok => ran == 1, Outcome.Expired => ran == 0, Outcome.Unknown => ran <= 1, _ => false },
                    $"job {id} to {job.Target}: {response.Hostname} says {response.Outcome} ({response.Error}) and ran {ran} times");
            }
        }

        Size.Say($"{asked.Count} jobs; {faults.Summary}; {string.Join(", ", outcomes.Select(outcome => $"{outcome.Value} {outcome.Key}"))}; none ran twice, none lost");
    }

    private static async Task<IReadOnlyList<(int Number, Guid Id)>> SubmitAsync(Jobs jobs, RunningFleet fleet, Random random, string directory, int count)
    {
        var targets = Enumerable.Range(0, count)
            .Select(_ => random.Next(10) switch { < 5 => Target.Any, < 9 => Target.Parse(fleet.Agents[random.Next(fleet.Agents.Count)].Host.Name), _ => Target.All }).ToList();
        var work = Enumerable.Range(0, count).Select(_ => random.Next(4) == 0 ? random.NextDouble() : 0).ToList();
        var asked = new Guid[count];
        // A few at a time, so that the kills come in the middle of them.
        var pauses = Enumerable.Range(0, count).Select(_ => TimeSpan.FromSeconds(random.NextDouble())).ToList();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = Token }, async (i, token) =>
        {
            await Task.Delay(pauses[i], TimeProvider.System, token);
            asked[i] = await jobs.SubmitAsync(targets[i], string.Create(System.Globalization.CultureInfo.InvariantCulture, $"echo x >> {directory}/{i}; sleep {work[i]:0.00}"), TimeSpan.FromSeconds(20), token);
        });
        return [.. asked.Index()];
    }
}
