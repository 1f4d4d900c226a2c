using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Fleet.Tests;

/// <summary>Tests of an orderly stop: exit code 0 within the limit, nothing left open.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class StopTests(SingleBroker broker)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stopping_agent_ends_its_jobs_publishes_their_results_and_leaves_the_rest_to_others()
    {
        var fleet = await broker.GetAsync();
        Jobs jobs = new(fleet);
        var agent = fleet.Agents[2];
        var endless = await jobs.SubmitAsync(agent.Host.Name, "echo $$ > /var/endless; exec sleep 600", TimeSpan.FromSeconds(60), Token);
        await jobs.StartedAsync(endless, Token);

        var begin = TimeProvider.System.GetTimestamp();
        var code = await agent.EndAsync(FleetProcess.Terminate);
        var took = TimeProvider.System.GetElapsedTime(begin);
        var ended = Assert.Single((await jobs.EndAsync(endless, TimeSpan.FromSeconds(60), Token)).Responses.Values);
        var others = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => jobs.SubmitAsync(Target.Any, "true", TimeSpan.FromSeconds(60), Token)));
        foreach (var id in others)
            Assert.Equal(JobStatus.Completed, (await jobs.EndAsync(id, TimeSpan.FromSeconds(120), Token)).Status);

        Size.Say($"stopped after {took.TotalSeconds:0.0} s with {code}; its running job: {ended.Outcome} ({ended.Error})");
        Assert.Equal(0, code);
        Assert.True(took < Bound, $"it took {took}");
        Assert.Equal(Outcome.Cancelled, ended.Outcome);
    }

    [Fact]
    public async Task A_stopping_controller_leaves_its_jobs_to_the_other()
    {
        var fleet = await broker.GetAsync();
        Jobs jobs = new(fleet);
        var running = await jobs.SubmitAsync(fleet.Agents[0].Host.Name, "sleep 3", TimeSpan.FromSeconds(60), Token);
        await jobs.StartedAsync(running, Token);

        var begin = TimeProvider.System.GetTimestamp();
        var code = await fleet.Controllers[0].EndAsync(FleetProcess.Terminate);
        var took = TimeProvider.System.GetElapsedTime(begin);

        Size.Say($"stopped after {took.TotalSeconds:0.0} s with {code}");
        Assert.Equal(0, code);
        Assert.True(took < Bound, $"it took {took}");
        Assert.Equal(JobStatus.Completed, (await jobs.EndAsync(running, TimeSpan.FromSeconds(120), Token)).Status);
    }
}
