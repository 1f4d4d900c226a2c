using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Fleet.Tests;

/// <summary>P3: nothing starts after its deadline.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class DeadlineTests(SingleBroker broker)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_that_was_down_skips_expired_jobs_when_it_returns()
    {
        var fleet = await broker.GetAsync();
        Jobs jobs = new(fleet);
        var agent = fleet.Agents[4];
        var directory = $"/var/late-{Guid.NewGuid():N}";
        await agent.KillAsync();

        var late = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => jobs.SubmitAsync(agent.Host.Name, $"mkdir -p {directory}; echo x >> {directory}/{i}", TimeSpan.FromSeconds(1), Token)));
        foreach (var id in late)
            Assert.Equal(Outcome.Expired, Assert.Single((await jobs.EndAsync(id, TimeSpan.FromSeconds(60), Token)).Responses.Values).Outcome);
        await agent.StartAsync(Token);
        // Commands are read in order: once this one has run, those before it have been skipped.
        var next = await jobs.SubmitAsync(agent.Host.Name, "true", TimeSpan.FromSeconds(60), Token);
        Assert.Equal(JobStatus.Completed, (await jobs.EndAsync(next, TimeSpan.FromSeconds(120), Token)).Status);

        Size.Say($"{late.Length} jobs expired while the host was down, of which ran after it came back: {agent.Host.Names(directory).Length}");
        Assert.Empty(agent.Host.Names(directory));
    }

    [Fact]
    public async Task Jobs_reported_as_expired_on_a_busy_host_never_ran_and_the_rest_ran_once()
    {
        var fleet = await broker.GetAsync();
        Jobs jobs = new(fleet);
        var agent = fleet.Agents[0];
        var directory = $"/var/busy-{Guid.NewGuid():N}";
        await agent.Host.MustAsync("mkdir", directory);

        // Ten run at once, for half a second each: some start at the last moment, some too late.
        var ids = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => jobs.SubmitAsync(agent.Host.Name, $"echo x >> {directory}/{i}; sleep 0.5", TimeSpan.FromSeconds(2), Token)));
        var ended = new List<(int Number, Outcome Outcome)>();
        for (var i = 0; i < ids.Length; i++)
            ended.Add((i, Assert.Single((await jobs.EndAsync(ids[i], TimeSpan.FromSeconds(120), Token)).Responses.Values).Outcome));

        Size.Say($"{ended.Count(job => job.Outcome == Outcome.Ok)} ran, {ended.Count(job => job.Outcome == Outcome.Expired)} expired");
        Assert.All(ended, job => Assert.Equal(job.Outcome switch { Outcome.Ok => 1, Outcome.Expired => 0, _ => -1 }, agent.Host.Lines($"{directory}/{job.Number}").Length));
        Assert.Contains(ended, job => job.Outcome == Outcome.Expired);
    }
}
