using Osapi.Client;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Tests.Runs;

/// <summary>Tests of who is alive: the stream of a runner, and what comes over it.</summary>
public sealed class RunnerPresenceTests : RunTest
{
    [Fact]
    public async Task A_runner_is_heard_while_its_stream_is_open_and_not_a_moment_longer()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);
        await runner.ListenAsync(Token);
        fixture.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(RunStatus.Running, await StatusOfAsync(runner.Id));
        Assert.Equal($"run {runner.Id} goes on: its runner, of alice, is heard; force takes it over, which is safe but makes that runner stop", (await Assert.ThrowsAsync<ConflictException>(() => NewRunner().TakeOverAsync(runner.Id, Token))).Message);

        await InterruptAsync(runner);

        await NewRunner().TakeOverAsync(runner.Id, Token);
    }

    [Fact]
    public async Task A_runner_without_a_stream_is_heard_for_20_seconds_after_it_began()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);

        fixture.Time.Advance(TimeSpan.FromSeconds(19.9));
        Assert.Equal(RunStatus.Running, await StatusOfAsync(runner.Id));
        fixture.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(RunStatus.Interrupted, await StatusOfAsync(runner.Id));
    }

    [Fact]
    public async Task The_wish_to_cancel_reaches_the_runner_at_once_also_one_that_listens_later_and_breaks_nothing()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);
        await runner.ListenAsync(Token);

        Assert.Equal("bob", (await NewRunner("bob").Client.Run.CancelAsync(runner.Id, cancellationToken: Token)).CancelRequestedBy);

        Assert.Equal(new RunSignal(RunSignalKind.Cancel, "bob"), await runner.FirstSignalAsync(Token));
        await InterruptAsync(runner);
        var successor = NewRunner();
        await successor.TakeOverAsync(runner.Id, Token);
        await successor.ListenAsync(Token);
        Assert.Equal(new RunSignal(RunSignalKind.Cancel, "bob"), await successor.FirstSignalAsync(Token));
        await successor.AppendAsync(Token, PlanRunner.Over("cancelled"));
        Assert.Single(await successor.EndOfSignalsAsync(Token));
        Assert.Null((await runner.Client.Run.GetAsync(runner.Id, cancellationToken: Token)).CancelRequestedBy);
    }

    [Fact]
    public async Task A_forced_takeover_is_told_to_the_former_runner_also_when_it_asks_later()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);
        await runner.ListenAsync(Token);
        var successor = NewRunner("bob");

        await successor.TakeOverAsync(runner.Id, Token, force: true);

        Assert.Equal(new RunSignal(RunSignalKind.TakenOver, "bob"), Assert.Single(await runner.EndOfSignalsAsync(Token)));
        Assert.Equal(RunStatus.Running, await StatusOfAsync(runner.Id));
        List<RunSignal> later = [];
        await foreach (var signal in runner.Client.Run.ListenAsync(runner.Id, runner.Runner, Token))
            later.Add(signal);
        Assert.Equal(RunSignalKind.TakenOver, Assert.Single(later).Kind);
        fixture.Time.Advance(TimeSpan.FromSeconds(20));
        // The former runner's stream does not make the present one heard.
        Assert.Equal(RunStatus.Interrupted, await StatusOfAsync(runner.Id));
    }

    [Fact]
    public async Task The_stream_is_kept_open_and_only_the_runners_own_caller_gets_it()
    {
        var runner = NewRunner("somebody");
        await runner.StartAsync("deploy", Token);
        using (var lines = await EventLines.OpenAsync(fixture, $"/run/{runner.Id}/signals?runner={runner.Runner}"))
        {
            var comment = lines.NextAsync();
            Assert.Equal("nothing new", (await fixture.AdvanceUntilAsync(comment, TimeSpan.FromSeconds(15)))!.Comment);
        }

        var other = NewRunner("mallory");
        await Assert.ThrowsAsync<AuthException>(async () =>
        {
            await foreach (var _ in other.Client.Run.ListenAsync(runner.Id, runner.Runner, Token))
            {
            }
        });
    }

    [Fact]
    public async Task Who_waits_takes_over_a_runner_that_was_killed_before_its_stream_was_open()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);
        fixture.Time.Advance(TimeSpan.FromSeconds(5));

        var takeover = NewRunner().TakeOverAsync(runner.Id, Token, wait: true);
        await fixture.AdvanceUntilAsync(takeover, TimeSpan.FromSeconds(1));

        Assert.Equal(RunStatus.Running, await StatusOfAsync(runner.Id));
    }

    [Fact]
    public async Task Who_waits_takes_over_at_once_when_the_stream_closes()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);
        await runner.ListenAsync(Token);

        var takeover = NewRunner().TakeOverAsync(runner.Id, Token, wait: true);
        Assert.NotSame(takeover, await Task.WhenAny(takeover, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Token)));
        await runner.DieAsync();

        await takeover.WaitAsync(Token);
    }

    [Fact]
    public async Task Who_waits_is_refused_soon_while_the_stream_stays_open()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);
        await runner.ListenAsync(Token);

        var takeover = NewRunner().TakeOverAsync(runner.Id, Token, wait: true);
        Assert.NotSame(takeover, await Task.WhenAny(takeover, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Token)));

        Assert.Contains("is heard; force takes it over", (await Assert.ThrowsAsync<ConflictException>(() => fixture.AdvanceUntilAsync(takeover, TimeSpan.FromSeconds(1)))).Message, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Running, await StatusOfAsync(runner.Id));
    }

    [Fact]
    public async Task A_controller_that_has_just_started_waits_until_it_can_know()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        await fixture.StopAsync();
        await fixture.StartAsync();
        var second = NewRunner();

        var takeover = second.TakeOverAsync(runner.Id, Token);
        fixture.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.False(takeover.IsCompleted);

        await fixture.AdvanceUntilAsync(takeover, TimeSpan.FromSeconds(1));
    }
}
