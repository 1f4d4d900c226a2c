using Osapi.Agent.Jobs;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Agent.Tests.Sample;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>
/// Tests of each instant at which an agent can crash, simulated by writing the state that it would leave behind.
/// </summary>
public sealed class CrashTests : IAsyncLifetime
{
    private JobFixture room = null!;

    public async ValueTask InitializeAsync() => room = await JobFixture.OpenAsync();

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task Started_and_not_claimed_runs_within_its_time_and_in_the_name_of_the_new_run()
    {
        var id = await room.SubmitAsync("a");
        await LeaveAsync(id, JobFixture.Host, (_, _) => Task.CompletedTask);

        await room.StartAgentAsync();

        Assert.Equal(Outcome.Ok, (await room.EndAsync(id)).Outcome);
        Assert.Equal([JobEventKind.Start, JobEventKind.Start, JobEventKind.Finished], await room.StatesAsync(id));
        Assert.NotEqual("old", (await room.WaitForStateAsync(id, JobFixture.Host, JobEventKind.Finished)).Session);
        Assert.Equal(1, room.RecordingOperation.Count("a"));
    }

    [Fact]
    public async Task Started_and_not_claimed_is_unknown_after_its_time_because_an_older_copy_of_the_ledger_looks_the_same()
    {
        var id = await room.SubmitAsync("a", startWithin: 5);
        await LeaveAsync(id, JobFixture.Host, (_, _) => Task.CompletedTask);
        room.Time.Advance(TimeSpan.FromSeconds(6));

        await room.StartAgentAsync();

        var entry = await room.EndAsync(id);
        Assert.Equal((Outcome.Unknown, JobRunner.UnknownOutcomeError), (entry.Outcome, entry.Error));
        Assert.Equal(0, room.RecordingOperation.Total);
    }

    [Fact]
    public async Task Started_not_claimed_and_given_up_for_lost_is_not_run_and_is_unknown()
    {
        var id = await room.SubmitAsync("a");
        await LeaveAsync(id, JobFixture.Host, (_, _) => Task.CompletedTask, lost: true);

        await room.StartAgentAsync();

        Assert.Equal(Outcome.Unknown, (await room.EndAsync(id)).Outcome);
        Assert.Equal([JobEventKind.Start, JobEventKind.Lost, JobEventKind.Finished], await room.StatesAsync(id));
        Assert.Equal(0, room.RecordingOperation.Total);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Claimed_and_not_finished_is_unknown_and_never_run(bool any, bool lost)
    {
        var (id, executor) = any ? (await room.SubmitForAnyAsync("a"), HostKey.Any) : (await room.SubmitAsync("a"), JobFixture.Host);
        await LeaveAsync(id, executor, (ledger, start) => ledger.RecordClaimAsync(id, executor, WorkOperations.Act.Id, start, room.Token), lost);

        for (var restart = 0; restart < 3; restart++)
            await using (await room.StartAgentAsync(maxJobs: 1))
            {
                Assert.Equal((Outcome.Unknown, JobFixture.Host), await OutcomeAsync(id, executor));
                await room.EndAsync(await room.SubmitAsync("next"));
                await room.EndAsync(await room.SubmitForAnyAsync("next"), HostKey.Any);
            }

        Assert.Equal(0, room.RecordingOperation.Count("a"));
        Assert.Equal(lost ? [JobEventKind.Start, JobEventKind.Lost, JobEventKind.Finished] : [JobEventKind.Start, JobEventKind.Finished], await room.StatesAsync(id, executor));
    }

    [Theory]
    [InlineData(false, 10)]
    [InlineData(true, 10)]
    [InlineData(false, 400_000)]
    [InlineData(true, 400_000)]
    public async Task Finished_and_not_published_is_published(bool lost, int size)
    {
        var id = await room.SubmitAsync("a");
        HostReply entry = new() { Hostname = JobFixture.Host, Outcome = Outcome.Failed, Error = new('e', size), ErrorType = ErrorType.Conflict };
        await LeaveAsync(id, JobFixture.Host, async (ledger, start) =>
        {
            await ledger.RecordClaimAsync(id, JobFixture.Host, WorkOperations.Act.Id, start, room.Token);
            await ledger.RecordFinishAsync(id, JobEntries.Bytes(entry), room.Token);
        }, lost);

        await room.StartAgentAsync();

        var told = await room.EndAsync(id);
        Assert.Equal((entry.Outcome, entry.ErrorType, entry.Error), (told.Outcome, told.ErrorType, told.Error));
        Assert.Equal(0, room.RecordingOperation.Total);
    }

    [Fact]
    public async Task Published_and_not_noted_is_not_published_again()
    {
        var id = await room.SubmitAsync("a");
        await LeaveAsync(id, JobFixture.Host, async (ledger, start) =>
        {
            var entry = JobEntries.Bytes(new() { Hostname = JobFixture.Host, Outcome = Outcome.Ok });
            await ledger.RecordClaimAsync(id, JobFixture.Host, WorkOperations.Act.Id, start, room.Token);
            await ledger.RecordFinishAsync(id, entry, room.Token);
            var fin = await JobEntries.FinishedAsync(room.Transport, new() { Kind = JobEventKind.Start, Host = JobFixture.Host, Ledger = ledger.Id, Session = "old" }, id, JobFixture.Host, entry, room.Token);
            Assert.True(await room.AppendStateAsync(id, JobFixture.Host, fin, start));
        });

        await using (await room.StartAgentAsync(maxJobs: 1))
            await room.EndAsync(await room.SubmitAsync("next"));

        Assert.Equal([JobEventKind.Start, JobEventKind.Finished], await room.StatesAsync(id));
        Assert.Equal(0, room.RecordingOperation.Count("a"));
        await using var ledger = await room.OpenLedgerAsync();
        Assert.Empty(ledger.Open);
    }

    [Fact]
    public async Task An_intent_without_a_start_is_forgotten_and_the_queue_hands_the_job_out()
    {
        var id = await room.SubmitForAnyAsync("a");
        await using (var ledger = await room.OpenLedgerAsync())
            await ledger.RecordIntentAsync(id, WorkOperations.Act.Id, room.Token);

        await using (await room.StartAgentAsync())
            Assert.Equal(Outcome.Ok, (await room.EndAsync(id, HostKey.Any)).Outcome);

        Assert.Equal(1, room.RecordingOperation.Count("a"));
        await using var after = await room.OpenLedgerAsync();
        Assert.Empty(after.Open);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_intent_with_a_start_ends_unknown_and_what_the_queue_hands_out_again_is_dropped(bool lost)
    {
        var id = await room.SubmitForAnyAsync("a");
        await LeaveAsync(id, HostKey.Any, (_, _) => Task.CompletedTask, lost, before: ledger => ledger.RecordIntentAsync(id, WorkOperations.Act.Id, room.Token));

        await using (await room.StartAgentAsync(maxJobs: 1))
        {
            Assert.Equal((Outcome.Unknown, JobFixture.Host), await OutcomeAsync(id, HostKey.Any));
            await room.EndAsync(await room.SubmitForAnyAsync("next"), HostKey.Any);
        }

        Assert.Equal(0, room.RecordingOperation.Count("a"));
        await using var after = await room.OpenLedgerAsync();
        Assert.Empty(after.Open);
    }

    [Fact]
    public async Task An_intent_whose_job_another_host_took_is_forgotten()
    {
        var id = await room.SubmitForAnyAsync("a");
        await using (var ledger = await room.OpenLedgerAsync())
            await ledger.RecordIntentAsync(id, WorkOperations.Act.Id, room.Token);
        await room.AppendStateAsync(id, HostKey.Any, new() { Kind = JobEventKind.Start, Host = "db-01", Ledger = "another", Session = "s" }, 0);

        await using (await room.StartAgentAsync(maxJobs: 1))
            await room.EndAsync(await room.SubmitForAnyAsync("next"), HostKey.Any);

        Assert.Equal([JobEventKind.Start], await room.StatesAsync(id, HostKey.Any));
        await using var after = await room.OpenLedgerAsync();
        Assert.Empty(after.Open);
    }

    [Fact]
    public async Task A_job_of_a_ledger_that_is_gone_is_not_run()
    {
        var id = await room.SubmitAsync("a");
        await room.AppendStateAsync(id, JobFixture.Host, new() { Kind = JobEventKind.Start, Host = JobFixture.Host, Ledger = "gone", Session = "old" }, 0);

        await room.StartAgentAsync(maxJobs: 1);
        await room.EndAsync(await room.SubmitAsync("next"));

        Assert.Equal(0, room.RecordingOperation.Count("a"));
        Assert.Equal([JobEventKind.Start], await room.StatesAsync(id));
    }

    [Fact]
    public async Task What_only_looks_is_looked_at_again()
    {
        var id = await room.SubmitAsync("a", WorkOperations.Look);
        await LeaveAsync(id, JobFixture.Host, (_, _) => Task.CompletedTask);

        await room.StartAgentAsync();

        Assert.Equal(Outcome.Ok, (await room.EndAsync(id)).Outcome);
    }

    [Fact]
    public async Task The_claim_is_in_the_ledger_while_the_job_runs_and_the_end_after_it_is_lost_stands()
    {
        var held = room.RecordingOperation.Hold("a");
        var agent = await room.StartAgentAsync();
        var id = await room.SubmitAsync("a");
        await held.Began;
        var start = await room.WaitForStateAsync(id, JobFixture.Host, JobEventKind.Start);

        Assert.True(await room.AppendStateAsync(id, JobFixture.Host, start with { Kind = JobEventKind.Lost }));
        held.Release();

        Assert.Equal(Outcome.Ok, (await room.EndAsync(id)).Outcome);
        Assert.Equal([JobEventKind.Start, JobEventKind.Lost, JobEventKind.Finished], await room.StatesAsync(id));
        await agent.DisposeAsync();
        await using var ledger = await room.OpenLedgerAsync();
        Assert.Equal(LedgerPhase.Published, ledger.Find(id)!.Phase);
    }

    [Fact]
    public async Task After_a_restart_nothing_finished_runs_again_and_nothing_accepted_is_forgotten()
    {
        List<string> ids = [];
        for (var run = 0; run < 5; run++)
        {
            ids.Add(await room.SubmitAsync($"before {run}"));
            ids.Add(await room.SubmitAsync($"look {run}", WorkOperations.Look));
            await using var agent = await room.StartAgentAsync(maxJobs: 2);
            ids.Add(await room.SubmitAsync($"during {run}"));
            foreach (var id in ids)
                Assert.Equal(Outcome.Ok, (await room.EndAsync(id)).Outcome);
        }

        Assert.Equal(15, room.RecordingOperation.Total);
        await using var ledger = await room.OpenLedgerAsync();
        // The last command is before the cursor: a new session does not even read it.
        Assert.Equal((await room.Transport.StateAsync(Osapi.Transport.StreamName.Commands, room.Token)).LastSequence, ledger.Cursor.Sequence);
    }

    [Fact]
    public async Task The_cursor_stays_before_what_still_runs()
    {
        var held = room.RecordingOperation.Hold("long");
        var agent = await room.StartAgentAsync();
        var running = await room.SubmitAsync("long");
        await held.Began;
        await room.EndAsync(await room.SubmitAsync("short"));

        var stopped = agent.DisposeAsync();
        await agent.Completion;
        held.Release();
        await stopped;
        await using (var ledger = await room.OpenLedgerAsync())
            Assert.Equal(2, ledger.Cursor.Sequence);

        Assert.Equal(Outcome.Ok, (await room.EndAsync(running)).Outcome);
    }

    [Fact]
    public async Task A_cursor_of_a_log_that_was_made_anew_means_nothing()
    {
        await using (var ledger = await room.OpenLedgerAsync())
            ledger.MoveCursor(new(room.Time.GetUtcNow().AddDays(-1), 1000));
        var id = await room.SubmitAsync("a");

        await room.StartAgentAsync();

        Assert.Equal(Outcome.Ok, (await room.EndAsync(id)).Outcome);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(3600)]
    public async Task A_job_that_ran_while_an_old_ledger_was_put_in_the_place_of_the_new_one_is_not_reported_as_expired(double startWithin)
    {
        await (await room.OpenLedgerAsync()).DisposeAsync();
        var ledger = Path.Combine(room.LedgerDirectory(), "ledger");
        var copy = await File.ReadAllBytesAsync(ledger, room.Token);
        var held = room.RecordingOperation.Hold("a");
        var frozen = await room.StartFrozenAgentAsync(JobFixture.Host);
        var id = await room.SubmitAsync("a", startWithin: startWithin);
        await held.Began;
        var start = await room.WaitForStateAsync(id, JobFixture.Host, JobEventKind.Start);
        // The agent dies with its job: from here on nothing reaches the store.
        held.Release();
        await frozen.DisposeAsync();
        await room.Transport.PurgeAsync(Osapi.Transport.StreamName.Jobs, Subjects.State(id, JobFixture.Host), before: null, room.Token);
        Assert.True(await room.AppendStateAsync(id, JobFixture.Host, start, 0));
        Assert.True(startWithin > 10 ? await room.AppendStateAsync(id, JobFixture.Host, start with { Kind = JobEventKind.Lost }) : true);
        await File.WriteAllBytesAsync(ledger, copy, room.Token);
        room.Time.Advance(TimeSpan.FromSeconds(6));

        await room.StartAgentAsync();

        Assert.Equal(Outcome.Unknown, (await room.EndAsync(id)).Outcome);
        Assert.Equal(1, room.RecordingOperation.Count("a"));
    }

    [Fact]
    public async Task An_agent_registers_after_it_has_told_what_it_knows()
    {
        var id = await room.SubmitAsync("a");
        await LeaveAsync(id, JobFixture.Host, (ledger, start) => ledger.RecordClaimAsync(id, JobFixture.Host, WorkOperations.Act.Id, start, room.Token));
        var registeredBefore = false;
        FaultyTransport watched = new(room.Transport)
        {
            Fail = (call, append) =>
            {
                registeredBefore |= call == Call.Register && room.Transport.LastAsync(Osapi.Transport.StreamName.Jobs, Subjects.State(id, JobFixture.Host), default).GetAwaiter().GetResult()!.Sequence < 3;
                return Fault.None;
            },
        };

        await room.StartAgentAsync(through: watched);
        await room.EndAsync(await room.SubmitAsync("next"));

        Assert.Equal(Outcome.Unknown, (await room.EndAsync(id)).Outcome);
        Assert.False(registeredBefore);
    }

    private async Task<(Outcome, string)> OutcomeAsync(string id, string executor)
    {
        var entry = await room.EndAsync(id, executor);
        return (entry.Outcome, entry.Hostname);
    }

    // Writes the state of a session that claimed the start and was killed.
    private async Task LeaveAsync(string id, string executor, Func<Ledger, long, Task> then, bool lost = false, Func<Ledger, Task>? before = null)
    {
        await using var ledger = await room.OpenLedgerAsync();
        if (before is not null)
            await before(ledger);
        JobEvent start = new() { Kind = JobEventKind.Start, Host = JobFixture.Host, Ledger = ledger.Id, Session = "old" };
        Assert.True(await room.AppendStateAsync(id, executor, start, 0));
        var message = await room.Transport.LastAsync(Osapi.Transport.StreamName.Jobs, Subjects.State(id, executor), room.Token);
        await then(ledger, message!.Sequence);
        if (lost)
            Assert.True(await room.AppendStateAsync(id, executor, start with { Kind = JobEventKind.Lost }));
    }
}
