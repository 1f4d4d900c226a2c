using Osapi.Agent.Handlers;
using Osapi.Agent.Jobs;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

public sealed class CancelTests : JobTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_running_job_is_cancelled_and_says_so(bool any)
    {
        var held = fixture.RecordingOperation.Hold("long");
        await fixture.StartAgentAsync();
        var id = any ? await fixture.SubmitForAnyAsync("long") : await fixture.SubmitAsync("long");
        var executor = any ? HostKey.Any : JobFixture.Host;
        await held.Began;

        await fixture.CancelAsync(id, executor);

        var entry = await fixture.EndAsync(id, executor);
        Assert.Equal((Outcome.Cancelled, ErrorType.Cancelled, "cancelled while it ran", JobFixture.Host), (entry.Outcome, entry.ErrorType, entry.Error, entry.Hostname));
        Assert.Equal([JobEventKind.Start, JobEventKind.Finished], await fixture.StatesAsync(id, executor));
    }

    [Fact]
    public async Task A_cancel_overtakes_the_jobs_that_wait_for_a_slot()
    {
        var held = fixture.RecordingOperation.Hold("long");
        await fixture.StartAgentAsync(maxJobs: 1);
        var first = await fixture.SubmitAsync("long");
        await held.Began;
        var waiting = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => fixture.SubmitAsync($"waits {n}")));

        await fixture.CancelAsync(waiting[7]);
        await fixture.CancelAsync(first);

        Assert.Equal(Outcome.Cancelled, (await fixture.EndAsync(first)).Outcome);
        foreach (var id in waiting)
            Assert.Equal(id == waiting[7] ? Outcome.Cancelled : Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
        Assert.Equal([JobEventKind.Cancelled], await fixture.StatesAsync(waiting[7]));
        Assert.Equal(0, fixture.RecordingOperation.Count("waits 7"));
    }

    [Fact]
    public async Task A_job_that_was_cancelled_while_its_agent_lay_dead_is_not_run()
    {
        // The start is there already, from a session of the agent that was killed: the controller can only notify the agent.
        string ledger;
        await using (var old = await fixture.OpenLedgerAsync())
            ledger = old.Id;
        var id = await fixture.SubmitAsync("cancelled");
        await fixture.AppendStateAsync(id, JobFixture.Host, new() { Kind = JobEventKind.Start, Host = JobFixture.Host, Ledger = ledger, Session = "old" }, after: 0);
        await fixture.CancelAsync(id);

        await fixture.StartAgentAsync();

        var entry = await fixture.EndAsync(id);
        Assert.Equal((Outcome.Cancelled, "cancelled before it ran"), (entry.Outcome, entry.Error));
        Assert.Equal(0, fixture.RecordingOperation.Count("cancelled"));
    }

    [Fact]
    public async Task A_cancel_finds_a_job_also_while_it_waits_for_a_slot()
    {
        RunningJobs running = new(CancellationToken.None);
        using var job = running.TryAdd(JobIds.Of("a"))!;

        Assert.Null(running.TryAdd(JobIds.Of("a")));
        await running.CancelAsync(JobIds.Of("a"));
        await running.CancelAsync(JobIds.Of("b"));

        Assert.True(job.Cancelled.IsCancellationRequested);
        job.Dispose();
        using var again = running.TryAdd(JobIds.Of("a"))!;
        job.Dispose();
        Assert.Null(running.TryAdd(JobIds.Of("a")));
        Assert.False(again.Cancelled.IsCancellationRequested);
    }

    [Fact]
    public async Task A_cancel_of_what_has_ended_or_is_not_known_does_nothing()
    {
        await fixture.StartAgentAsync();
        var id = await fixture.SubmitAsync("a");
        await fixture.EndAsync(id);

        await fixture.CancelAsync(id);
        await fixture.AppendCommandAsync(JobFixture.Host, "unknown", JobJson.Bytes(new JobCommand { Kind = CommandKind.Cancel, JobId = JobIds.Of("unknown") }));

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(await fixture.SubmitAsync("b"))).Outcome);
        Assert.Equal([JobEventKind.Start, JobEventKind.Finished], await fixture.StatesAsync(id));
    }

    [Fact]
    public async Task A_job_that_does_not_stop_is_abandoned_and_reported_as_unknown()
    {
        var held = fixture.RecordingOperation.Hold("stubborn", stubborn: true);
        await fixture.StartAgentAsync(maxJobs: 1);
        var id = await fixture.SubmitAsync("stubborn");
        await held.Began;
        await fixture.CancelAsync(id);
        await held.Cancelled.WaitAsync(fixture.Token);

        var ended = fixture.EndAsync(id);
        await fixture.AdvanceUntilAsync(ended, OperationExecutor.GracePeriod);

        var entry = await ended;
        Assert.Equal((Outcome.Unknown, "cancelled while it ran, but it did not stop and may still be running"), (entry.Outcome, entry.Error));
        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(await fixture.SubmitAsync("next"))).Outcome);
    }
}
