using Osapi.Client;
using Osapi.Controller.Tests.Broker;
using Osapi.Operations.Runs;
using Osapi.Transport;
using Osapi.Transport.Runs;

namespace Osapi.Controller.Tests.Runs;

/// <summary>Tests of two controllers on a real broker: runners fight, and each controller knows what the other one does.</summary>
public sealed class SeveralControllersRunTests : TrustedBrokerTest
{
    private readonly List<PlanRunner> runners = [];

    [Fact]
    public async Task Of_two_runners_that_fight_over_a_run_the_loser_appends_nothing()
    {
        var (a, b) = await ControllersAsync();
        var first = NewRunner(a);
        await first.StartAsync("deploy", Token);
        var acknowledged = 0;
        for (var round = 0; round < 20; round++)
        {
            var (loser, winner) = round % 2 == 0 ? (first, NewRunner(b)) : (first, NewRunner(a));
            // The loser appends as fast as it can, until it is refused.
            var fighting = FightAsync(loser);
            await winner.TakeOverAsync(first.Id, Token, force: true);
            var refused = await fighting;
            Assert.StartsWith($"another runner has taken over run {first.Id}", refused.Message, StringComparison.Ordinal);
            for (var i = 0; i < 5; i++)
            {
                await winner.AppendAsync(Token, PlanRunner.Ended("config", $"winner-{round}-{i}", "changed"));
                acknowledged++;
                await Assert.ThrowsAsync<ConflictException>(() => loser.AppendAsync(Token, PlanRunner.Ended("config", $"late-{round}-{i}", "changed")));
            }

            first = winner;
        }

        var hosts = await HostsAsync(b, first.Id);
        Assert.Equal(hosts.Distinct(), hosts);
        Assert.Equal(acknowledged, hosts.Count);
        Assert.DoesNotContain(hosts, host => host.StartsWith("late", StringComparison.Ordinal));

        async Task<ConflictException> FightAsync(PlanRunner runner)
        {
            while (true)
                try
                {
                    await runner.AppendAsync(Token, PlanRunner.Ended("config", $"fight-{Interlocked.Increment(ref acknowledged)}", "changed"));
                }
                catch (ConflictException refusal)
                {
                    Interlocked.Decrement(ref acknowledged);
                    return refusal;
                }
        }
    }

    [Fact]
    public async Task Of_fifty_starts_at_two_controllers_exactly_one_wins()
    {
        var (a, b) = await ControllersAsync();
        var starting = Enumerable.Range(0, 50).Select(i => NewRunner(i % 2 == 0 ? a : b)).ToList();

        var results = await Task.WhenAll(starting.Select(async runner =>
        {
            try
            {
                await runner.StartAsync("deploy", Token);
                return runner;
            }
            catch (ConflictException)
            {
                return null;
            }
        }));

        var winner = Assert.Single(results, runner => runner is not null)!;
        foreach (var controller in new[] { a, b })
            Assert.Equal(winner.Id, Assert.Single((await controller.Client.Run.ListAsync(cancellationToken: Token)).Items).Id);
    }

    [Fact]
    public async Task A_runner_at_one_controller_is_heard_at_the_other_and_its_end_is_told_at_once()
    {
        var (a, b) = await ControllersAsync();
        var runner = NewRunner(a);
        await runner.StartAsync("deploy", Token);
        await runner.ListenAsync(Token);
        await b.Client.Run.CancelAsync(runner.Id, cancellationToken: Token);
        Assert.Equal(RunSignalKind.Cancel, (await runner.FirstSignalAsync(Token)).Kind);
        var began = TimeProvider.System.GetTimestamp();

        await runner.DieAsync();
        while ((await b.Client.Run.GetAsync(runner.Id, cancellationToken: Token)).Status != RunStatus.Interrupted)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);

        // Without the signal it would be 20 seconds.
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(10));
        var successor = NewRunner(b);
        await successor.TakeOverAsync(runner.Id, Token);
        await successor.AppendAsync(Token, PlanRunner.Over("cancelled"));
        Assert.Equal(RunStatus.Cancelled, (await a.Client.Run.GetAsync(runner.Id, cancellationToken: Token)).Status);
    }

    [Fact]
    public async Task A_run_goes_on_at_the_other_controller_when_its_own_stops()
    {
        var (a, b) = await ControllersAsync();
        var runner = NewRunner(a);
        await runner.StartAsync("deploy", Token);
        await runner.ListenAsync(Token);
        await runner.AppendAsync(Token, PlanRunner.Ended("config", "web-01", "changed"));

        await parts.StopAsync(a);

        // A stopping controller does not say that its runners are gone.
        Assert.Equal(RunStatus.Running, (await b.Client.Run.GetAsync(runner.Id, cancellationToken: Token)).Status);
        var moved = NewRunner(b);
        (moved.Id, moved.Runner, moved.Position) = (runner.Id, runner.Runner, runner.Position);
        await moved.AppendAsync(Token, PlanRunner.Over("succeeded"));
        Assert.Equal(RunStatus.Succeeded, (await b.Client.Run.GetAsync(runner.Id, cancellationToken: Token)).Status);
    }

    [Fact]
    public async Task What_others_write_into_a_journal_changes_nothing_and_stops_nobody()
    {
        var (a, _) = await ControllersAsync();
        var runner = NewRunner(a);
        await runner.StartAsync("deploy", Token);
        var forger = await trust.ConnectAsync();
        var agent = await trust.AgentTransportAsync("web-01");
        foreach (var writer in new[] { forger, agent })
        {
            await writer.AppendAsync([new(StreamName.Runs, RunSubjects.Journal(runner.Id), """{"entries":[{"kind":"over","status":"failed"}]}"""u8.ToArray())], Token);
            await writer.AppendAsync([new(StreamName.Runs, RunSubjects.Wish(runner.Id), """{"by":"mallory"}"""u8.ToArray())], Token);
            await writer.AppendAsync([new(StreamName.Runs, RunSubjects.Forgotten("deploy"), "{}"u8.ToArray())], Token);
        }

        await runner.AppendAsync(Token, PlanRunner.Ended("config", "a-host-of-ours", "changed"));

        var run = await a.Client.Run.GetAsync(runner.Id, cancellationToken: Token);
        Assert.Equal((RunStatus.Running, null), (run.Status, run.CancelRequestedBy));
        Assert.Equal(["a-host-of-ours"], await HostsAsync(a, runner.Id));
        Assert.NotNull((await agent.LastAsync(StreamName.Runs, RunSubjects.Journal(runner.Id), Token))!.Rejection);
        await AssertBrokerHasNotAsync("a-host-of-ours");
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var runner in runners)
        {
            await runner.DieAsync();
            runner.Dispose();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<(RunningController A, RunningController B)> ControllersAsync() => (await trust.StartControllerAsync("a"), await trust.StartControllerAsync("b"));

    private PlanRunner NewRunner(RunningController controller)
    {
        PlanRunner runner = new(controller.Http.BaseAddress!, controller.Http.DefaultRequestHeaders.Authorization!.Parameter!);
        runners.Add(runner);
        return runner;
    }

    private async Task<IReadOnlyList<string>> HostsAsync(RunningController controller, RunId id)
    {
        List<string> hosts = [];
        for (long? after = 0; after is not null;)
        {
            var page = await controller.Client.Run.JournalAsync(new() { Id = id, After = after, Limit = 1000 }, cancellationToken: Token);
            hosts.AddRange(page.Items.SelectMany(batch => batch.Entries).Select(entry => entry.Host).OfType<string>());
            after = page.NextAfter;
        }

        return hosts;
    }
}
