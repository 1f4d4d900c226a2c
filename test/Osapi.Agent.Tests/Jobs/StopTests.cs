using Osapi.Agent.Jobs.Ledgers;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

public sealed class StopTests : IAsyncLifetime
{
    private JobRoom room = null!;

    public async ValueTask InitializeAsync() => room = await JobRoom.OpenAsync();

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task A_stopping_agent_lets_running_jobs_end()
    {
        var held = room.Workshop.Hold("long");
        var agent = await room.StartAgentAsync();
        var id = await room.AskAsync("long");
        await held.Began;

        var stopped = agent.DisposeAsync();
        await agent.Completion;
        held.Release();
        await stopped;

        Assert.Equal(Outcome.Ok, (await room.EndAsync(id)).Outcome);
    }

    [Fact]
    public async Task After_a_grace_the_rest_is_cancelled_and_says_so()
    {
        var held = Enumerable.Range(0, 2).Select(n => room.Workshop.Hold($"long {n}")).ToList();
        var agent = await room.StartAgentAsync();
        var directed = await room.AskAsync("long 0");
        var any = await room.AskAnyAsync("long 1");
        await Task.WhenAll(held[0].Began, held[1].Began).WaitAsync(room.Token);

        var stopped = agent.DisposeAsync().AsTask();
        await room.AdvanceUntilAsync(held[0].Cancelled, TimeSpan.FromMilliseconds(5));
        await stopped;

        Assert.Equal(Outcome.Cancelled, (await room.EndAsync(directed)).Outcome);
        Assert.Equal(Outcome.Cancelled, (await room.EndAsync(any, HostKey.Any)).Outcome);
    }

    [Fact]
    public async Task A_job_that_does_not_stop_does_not_keep_the_agent_and_is_unknown()
    {
        var held = room.Workshop.Hold("stubborn", stubborn: true);
        var agent = await room.StartAgentAsync();
        var id = await room.AskAsync("stubborn");
        await held.Began;

        await room.AdvanceUntilAsync(agent.DisposeAsync().AsTask(), TimeSpan.FromSeconds(5));
        // Told by this run or, when the clock outran it, by the next.
        await room.StartAgentAsync();

        Assert.Equal(Outcome.Unknown, (await room.EndAsync(id)).Outcome);
        Assert.Equal(1, room.Workshop.Count("stubborn"));
    }

    [Fact]
    public async Task Stopping_twice_is_stopping_once_and_both_wait()
    {
        var held = room.Workshop.Hold("long");
        var agent = await room.StartAgentAsync();
        await room.AskAsync("long");
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
        var held = room.Workshop.Hold("long");
        var agent = await room.StartAgentAsync(maxJobs: 1);
        var running = await room.AskAsync("long");
        await held.Began;
        var waiting = await room.AskAsync("waits");
        var cancelled = await room.AskAsync("cancelled");
        // This one is read after the two, which therefore wait.
        await room.CancelAsync(cancelled);
        var stopped = agent.DisposeAsync();
        await agent.Completion;
        held.Release();
        await stopped;
        Assert.Empty(await room.StatesAsync(waiting));

        await room.StartAgentAsync();

        Assert.Equal(Outcome.Ok, (await room.EndAsync(waiting)).Outcome);
        Assert.Equal(Outcome.Ok, (await room.EndAsync(running)).Outcome);
        Assert.Equal((1, 1, 0), (room.Workshop.Count("long"), room.Workshop.Count("waits"), room.Workshop.Count("cancelled")));
    }

    [Fact]
    public async Task An_agent_that_cannot_reach_the_store_gives_up_telling_and_its_next_run_tells()
    {
        var held = room.Workshop.Hold("long");
        TaskCompletionSource tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FaultyTransport cut = new(room.Transport)
        {
            Fail = (call, append) =>
            {
                if (call != Call.Append || JobJson.Event(append!.Value.Payload).Kind != JobEventKind.Finished)
                    return Fault.None;
                tried.TrySetResult();
                return Fault.Before;
            },
        };
        var agent = await room.StartAgentAsync(through: cut);
        var id = await room.AskAsync("long");
        await held.Began;
        held.Release();
        await tried.Task.WaitAsync(room.Token);

        await room.AdvanceUntilAsync(agent.DisposeAsync().AsTask(), TimeSpan.FromSeconds(5));
        Assert.Equal([JobEventKind.Start], await room.StatesAsync(id));
        await room.StartAgentAsync();

        Assert.Equal(Outcome.Ok, (await room.EndAsync(id)).Outcome);
        Assert.Equal(1, room.Workshop.Count("long"));
    }

    [Fact]
    public async Task An_agent_whose_store_is_gone_says_so_and_can_be_stopped()
    {
        var agent = await room.StartAgentAsync();

        await room.Transport.DisposeAsync();

        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => agent.Completion.WaitAsync(room.Token));
        await agent.DisposeAsync();
        await (await room.OpenLedgerAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_ledger_has_one_agent_and_is_free_after_it()
    {
        var agent = await room.StartAgentAsync();

        await Assert.ThrowsAnyAsync<LedgerException>(() => room.StartAgentAsync());
        await agent.DisposeAsync();

        await room.StartAgentAsync();
    }

    [Fact]
    public async Task An_agent_that_cannot_start_lets_go_of_its_ledger()
    {
        await using (var old = await room.OpenLedgerAsync())
            await old.RecordIntentAsync("a", "work.act.execute", room.Token);
        using CancellationTokenSource impatient = new();
        FaultyTransport cut = new(room.Transport)
        {
            Fail = (_, _) =>
            {
                impatient.Cancel();
                return Fault.Before;
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => OsapiAgent.StartAsync(
            new() { Transport = cut, StateDirectory = room.StateDirectory(), Time = room.Time },
            new() { Hostname = JobRoom.Host },
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
            impatient.Token));

        await room.StartAgentAsync();
    }
}
