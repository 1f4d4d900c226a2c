using Osapi.Client;
using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Command;
using Osapi.Operations.Jobs;

namespace Osapi.Fleet.Tests;

/// <summary>Tests that without a broker everything keeps running, reports it, and recovers by itself.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class BrokerLossTests(SingleBroker broker)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_controller_without_its_broker_answers_503_still_knows_its_jobs_and_resumes_with_the_broker()
    {
        var fleet = await broker.GetAsync();
        Jobs jobs = new(fleet);
        var known = await jobs.SubmitAsync(Target.Any, "true", TimeSpan.FromSeconds(30), Token);
        await jobs.EndAsync(known, TimeSpan.FromSeconds(60), Token);
        await fleet.Brokers[0].KillAsync();

        foreach (var calls in fleet.Calls)
        {
            // The other controller's last job may just not have arrived here.
            Assert.True(await calls.Waiting.Health.LivenessAsync(cancellationToken: Token) is { Status: "ok" });
            Assert.Equal("not_ready", (await calls.Waiting.Health.ReadyAsync(cancellationToken: Token)).Status);
            var refused = await Assert.ThrowsAsync<ServerException>(() => calls.Waiting.Command.ShellAsync(Target.Any, new ShellCommand { Command = "true" }, cancellationToken: Token));
            Size.Say($"{calls.Host.Name}: {refused.StatusCode} {refused.Message}");
            Assert.Equal(503, refused.StatusCode);
        }

        Assert.Equal(JobStatus.Completed, (await jobs.ReadAsync(known, Token)).Status);
        await fleet.Brokers[0].StartAsync(Token);
        var begin = TimeProvider.System.GetTimestamp();
        var next = await jobs.SubmitAsync(Target.All, "true", TimeSpan.FromSeconds(60), Token);
        Assert.Equal(JobStatus.Completed, (await jobs.EndAsync(next, TimeSpan.FromSeconds(120), Token)).Status);
        Size.Say($"a broadcast ran everywhere {TimeProvider.System.GetElapsedTime(begin).TotalSeconds:0.0} s after the broker was back");
        Assert.DoesNotContain(fleet.Parts, part => part.HasEnded);
    }
}
