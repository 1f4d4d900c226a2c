using Osapi.Agent.Jobs.Ledgers;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

public sealed class StopTests : JobTest
{
    [Fact]
    public async Task A_stopping_agent_lets_running_jobs_end()
    {
        var held = fixture.RecordingOperation.Hold("long");
        var agent = await fixture.StartAgentAsync();
        var id = await fixture.SubmitAsync("long");
        await held.Began;

        var stopped = agent.DisposeAsync();
        await agent.Completion;
        held.Release();
        await stopped;

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
    }

    [Fact]
    public async Task After_the_grace_period_the_rest_is_cancelled_and_reported()
    {
        var held = Enumerable.Range(0, 2).Select(n => fixture.RecordingOperation.Hold($"long {n}")).ToList();
        var agent = await fixture.StartAgentAsync();
        var directed = await fixture.SubmitAsync("long 0");
        var any = await fixture.SubmitForAnyAsync("long 1");
        await Task.WhenAll(held[0].Began, held[1].Began).WaitAsync(fixture.Token);

        var stopped = agent.DisposeAsync().AsTask();
        await fixture.AdvanceUntilAsync(held[0].Cancelled, TimeSpan.FromMilliseconds(5));
        await stopped;

        Assert.Equal(Outcome.Cancelled, (await fixture.EndAsync(directed)).Outcome);
        Assert.Equal(Outcome.Cancelled, (await fixture.EndAsync(any, HostKey.Any)).Outcome);
    }

    [Fact]
    public async Task A_job_that_does_not_stop_does_not_keep_the_agent_and_is_unknown()
    {
        var held = fixture.RecordingOperation.Hold("stubborn", stubborn: true);
        var agent = await fixture.StartAgentAsync();
        var id = await fixture.SubmitAsync("stubborn");
        await held.Began;

        await fixture.AdvanceUntilAsync(agent.DisposeAsync().AsTask(), TimeSpan.FromSeconds(5));
        // Published by this session or, when the clock ran ahead, by the next.
        await fixture.StartAgentAsync();

        Assert.Equal(Outcome.Unknown, (await fixture.EndAsync(id)).Outcome);
        Assert.Equal(1, fixture.RecordingOperation.Count("stubborn"));
    }

    [Fact]
    public async Task Stopping_twice_is_stopping_once_and_both_wait()
    {
        var held = fixture.RecordingOperation.Hold("long");
        var agent = await fixture.StartAgentAsync();
        await fixture.SubmitAsync("long");
        await held.Began;

        var first = agent.DisposeAsync().AsTask();
        var second = agent.DisposeAsync().AsTask();
        await agent.Completion;
        Assert.False(first.IsCompleted || second.IsCompleted);
        held.Release();

        await Task.WhenAll(first, second);
        await agent.DisposeAsync();
    }

    [Fact]
    public async Task Jobs_that_had_not_started_are_started_by_the_next_run()
    {
        var held = fixture.RecordingOperation.Hold("long");
        var agent = await fixture.StartAgentAsync(maxJobs: 1);
        var running = await fixture.SubmitAsync("long");
        await held.Began;
        var waiting = await fixture.SubmitAsync("waits");
        var cancelled = await fixture.SubmitAsync("cancelled");
        // This one is read after the two, which therefore wait.
        await fixture.CancelAsync(cancelled);
        var stopped = agent.DisposeAsync();
        await agent.Completion;
        held.Release();
        await stopped;
        Assert.Empty(await fixture.StatesAsync(waiting));

        await fixture.StartAgentAsync();

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(waiting)).Outcome);
        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(running)).Outcome);
        Assert.Equal((1, 1, 0), (fixture.RecordingOperation.Count("long"), fixture.RecordingOperation.Count("waits"), fixture.RecordingOperation.Count("cancelled")));
    }

    [Fact]
    public async Task An_agent_that_cannot_reach_the_store_stops_publishing_and_its_next_session_publishes()
    {
        var held = fixture.RecordingOperation.Hold("long");
        TaskCompletionSource tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FaultyTransport cut = new(fixture.Transport)
        {
            Fail = (call, append) =>
            {
                if (call != Call.Append || JobJson.Event(append!.Value.Payload).Kind != JobEventKind.Finished)
                    return Fault.None;
                tried.TrySetResult();
                return Fault.Before;
            },
        };
        var agent = await fixture.StartAgentAsync(through: cut);
        var id = await fixture.SubmitAsync("long");
        await held.Began;
        held.Release();
        await tried.Task.WaitAsync(fixture.Token);

        await fixture.AdvanceUntilAsync(agent.DisposeAsync().AsTask(), TimeSpan.FromSeconds(5));
        Assert.Equal([JobEventKind.Start], await fixture.StatesAsync(id));
        await fixture.StartAgentAsync();

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
        Assert.Equal(1, fixture.RecordingOperation.Count("long"));
    }

    [Fact]
    public async Task An_agent_whose_store_is_closed_fails_with_the_cause_and_can_be_stopped()
    {
        var agent = await fixture.StartAgentAsync();

        await fixture.Transport.DisposeAsync();

        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => agent.Completion.WaitAsync(fixture.Token));
        await agent.DisposeAsync();
        await (await fixture.OpenLedgerAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_ledger_has_one_agent_and_is_free_after_it()
    {
        var agent = await fixture.StartAgentAsync();

        await Assert.ThrowsAnyAsync<LedgerException>(() => fixture.StartAgentAsync());
        await agent.DisposeAsync();

        await fixture.StartAgentAsync();
    }

    [Fact]
    public async Task An_agent_that_cannot_start_releases_its_ledger()
    {
        await using (var old = await fixture.OpenLedgerAsync())
            await old.RecordIntentAsync(JobIds.Of("a"), "work.act.execute", fixture.Token);
        using CancellationTokenSource impatient = new();
        FaultyTransport cut = new(fixture.Transport)
        {
            Fail = (_, _) =>
            {
                impatient.Cancel();
                return Fault.Before;
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => OsapiAgent.StartAsync(
            new() { Transport = cut, StateDirectory = fixture.StateDirectory(), Time = fixture.Time },
            new() { Hostname = JobFixture.Host },
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
            impatient.Token));

        await fixture.StartAgentAsync();
    }
}
