using Osapi.Agent.Jobs;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Agent.Tests.Sample;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>
/// Tests of each instant at which an agent can crash, simulated by writing the state that it would leave behind.
/// </summary>
public sealed class CrashTests : JobTest
{
    [Fact]
    public async Task Started_and_not_claimed_runs_within_its_time_and_in_the_name_of_the_new_run()
    {
        var id = await fixture.SubmitAsync("a");
        await LeaveAsync(id, JobFixture.Host, (_, _) => Task.CompletedTask);

        await fixture.StartAgentAsync();

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
        Assert.Equal([JobEventKind.Start, JobEventKind.Start, JobEventKind.Finished], await fixture.StatesAsync(id));
        Assert.NotEqual("old", (await fixture.WaitForStateAsync(id, JobFixture.Host, JobEventKind.Finished)).Session);
        Assert.Equal(1, fixture.RecordingOperation.Count("a"));
    }

    [Fact]
    public async Task Started_and_not_claimed_is_unknown_after_its_deadline_because_an_older_copy_of_the_ledger_is_identical()
    {
        var id = await fixture.SubmitAsync("a", startWithin: 5);
        await LeaveAsync(id, JobFixture.Host, (_, _) => Task.CompletedTask);
        fixture.Time.Advance(TimeSpan.FromSeconds(6));

        await fixture.StartAgentAsync();

        var entry = await fixture.EndAsync(id);
        Assert.Equal((Outcome.Unknown, JobClaims.UnknownOutcomeError), (entry.Outcome, entry.Error));
        Assert.Equal(0, fixture.RecordingOperation.Total);
    }

    [Fact]
    public async Task Started_not_claimed_and_marked_lost_is_not_run_and_is_unknown()
    {
        var id = await fixture.SubmitAsync("a");
        await LeaveAsync(id, JobFixture.Host, (_, _) => Task.CompletedTask, lost: true);

        await fixture.StartAgentAsync();

        Assert.Equal(Outcome.Unknown, (await fixture.EndAsync(id)).Outcome);
        Assert.Equal([JobEventKind.Start, JobEventKind.Lost, JobEventKind.Finished], await fixture.StatesAsync(id));
        Assert.Equal(0, fixture.RecordingOperation.Total);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Claimed_and_not_finished_is_unknown_and_never_run(bool any, bool lost)
    {
        var (id, executor) = any ? (await fixture.SubmitForAnyAsync("a"), HostKey.Any) : (await fixture.SubmitAsync("a"), JobFixture.Host);
        await LeaveAsync(id, executor, (ledger, start) => ledger.RecordClaimAsync(JobIds.Of(id), executor, WorkOperations.Act.Id, start, fixture.Token), lost);

        for (var restart = 0; restart < 3; restart++)
            await using (await fixture.StartAgentAsync(maxJobs: 1))
            {
                Assert.Equal((Outcome.Unknown, JobFixture.Host), await OutcomeAsync(id, executor));
                await fixture.EndAsync(await fixture.SubmitAsync("next"));
                await fixture.EndAsync(await fixture.SubmitForAnyAsync("next"), HostKey.Any);
            }

        Assert.Equal(0, fixture.RecordingOperation.Count("a"));
        Assert.Equal(lost ? [JobEventKind.Start, JobEventKind.Lost, JobEventKind.Finished] : [JobEventKind.Start, JobEventKind.Finished], await fixture.StatesAsync(id, executor));
    }

    [Theory]
    [InlineData(false, 10)]
    [InlineData(true, 10)]
    [InlineData(false, 400_000)]
    [InlineData(true, 400_000)]
    public async Task Finished_and_not_published_is_published(bool lost, int size)
    {
        var id = await fixture.SubmitAsync("a");
        HostReply entry = new() { Hostname = JobFixture.Host, Outcome = Outcome.Failed, Error = new('e', size), ErrorType = ErrorType.Conflict };
        await LeaveAsync(id, JobFixture.Host, async (ledger, start) =>
        {
            await ledger.RecordClaimAsync(JobIds.Of(id), JobFixture.Host, WorkOperations.Act.Id, start, fixture.Token);
            await ledger.RecordFinishAsync(JobIds.Of(id), JobEntries.Bytes(entry), fixture.Token);
        }, lost);

        await fixture.StartAgentAsync();

        var reply = await fixture.EndAsync(id);
        Assert.Equal((entry.Outcome, entry.ErrorType, entry.Error), (reply.Outcome, reply.ErrorType, reply.Error));
        Assert.Equal(0, fixture.RecordingOperation.Total);
    }

    [Fact]
    public async Task Published_and_not_noted_is_not_published_again()
    {
        var id = await fixture.SubmitAsync("a");
        await LeaveAsync(id, JobFixture.Host, async (ledger, start) =>
        {
            var entry = JobEntries.Bytes(new() { Hostname = JobFixture.Host, Outcome = Outcome.Ok });
            await ledger.RecordClaimAsync(JobIds.Of(id), JobFixture.Host, WorkOperations.Act.Id, start, fixture.Token);
            await ledger.RecordFinishAsync(JobIds.Of(id), entry, fixture.Token);
            var fin = await JobEntries.FinishedAsync(fixture.Transport, new() { Kind = JobEventKind.Start, Host = JobFixture.Host, Ledger = ledger.Id, Session = "old" }, JobIds.Of(id), JobFixture.Host, entry, fixture.Token);
            Assert.True(await fixture.AppendStateAsync(id, JobFixture.Host, fin, start));
        });

        await using (await fixture.StartAgentAsync(maxJobs: 1))
            await fixture.EndAsync(await fixture.SubmitAsync("next"));

        Assert.Equal([JobEventKind.Start, JobEventKind.Finished], await fixture.StatesAsync(id));
        Assert.Equal(0, fixture.RecordingOperation.Count("a"));
        await using var ledger = await fixture.OpenLedgerAsync();
        Assert.Empty(ledger.Open);
    }

    [Fact]
    public async Task Ended_in_the_log_and_only_claimed_in_the_ledger_keeps_its_end()
    {
        var id = await fixture.SubmitAsync("a");
        await LeaveAsync(id, JobFixture.Host, async (ledger, start) =>
        {
            var entry = JobEntries.Bytes(new() { Hostname = JobFixture.Host, Outcome = Outcome.Ok });
            await ledger.RecordClaimAsync(JobIds.Of(id), JobFixture.Host, WorkOperations.Act.Id, start, fixture.Token);
            var fin = await JobEntries.FinishedAsync(fixture.Transport, new() { Kind = JobEventKind.Start, Host = JobFixture.Host, Ledger = ledger.Id, Session = "old" }, JobIds.Of(id), JobFixture.Host, entry, fixture.Token);
            Assert.True(await fixture.AppendStateAsync(id, JobFixture.Host, fin, start));
        });

        await using (await fixture.StartAgentAsync(maxJobs: 1))
            await fixture.EndAsync(await fixture.SubmitAsync("next"));

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
        Assert.Equal([JobEventKind.Start, JobEventKind.Finished], await fixture.StatesAsync(id));
        Assert.Equal(0, fixture.RecordingOperation.Count("a"));
        await using var after = await fixture.OpenLedgerAsync();
        Assert.Empty(after.Open);
    }

    [Fact]
    public async Task An_end_that_the_log_takes_at_once_is_not_in_the_ledger_and_one_that_it_does_not_is()
    {
        var failures = 1;
        FaultyTransport store = new(fixture.Transport) { Fail = (call, append) => call == Call.Append && append is { } state && IsEndOf(state, "refused") && failures-- > 0 ? Fault.Before : Fault.None };
        await using (await fixture.StartAgentAsync(through: store))
        {
            await fixture.EndAsync(await fixture.SubmitAsync("taken"));
            await fixture.AdvanceUntilAsync(fixture.EndAsync(await fixture.SubmitAsync("refused")), TimeSpan.FromSeconds(0.1));
        }

        List<LedgerRecordKind> kinds = [];
        LedgerFile.Open(Path.Join(fixture.LedgerDirectory(), "ledger"), record => kinds.Add(record.Kind)).Dispose();
        Assert.Equal((2, 1, 2), (Count(LedgerRecordKind.Claimed), Count(LedgerRecordKind.Finished), Count(LedgerRecordKind.Published)));

        int Count(LedgerRecordKind kind) => kinds.Count(each => each == kind);

        static bool IsEndOf(Append append, string name) =>
            append.Stream == StreamName.Jobs && JobEvent.TryParse(append.Payload, out var state, out _) && state is { Kind: JobEventKind.Finished, Entry: { } entry } && entry.GetRawText().Contains(name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_intent_without_a_start_is_forgotten_and_the_queue_delivers_the_job()
    {
        var id = await fixture.SubmitForAnyAsync("a");
        await using (var ledger = await fixture.OpenLedgerAsync())
            await ledger.RecordIntentAsync(JobIds.Of(id), WorkOperations.Act.Id, fixture.Token);

        await using (await fixture.StartAgentAsync())
            Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id, HostKey.Any)).Outcome);

        Assert.Equal(1, fixture.RecordingOperation.Count("a"));
        await using var after = await fixture.OpenLedgerAsync();
        Assert.Empty(after.Open);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_intent_with_a_start_ends_unknown_and_a_redelivered_message_is_dropped(bool lost)
    {
        var id = await fixture.SubmitForAnyAsync("a");
        await LeaveAsync(id, HostKey.Any, (_, _) => Task.CompletedTask, lost, before: ledger => ledger.RecordIntentAsync(JobIds.Of(id), WorkOperations.Act.Id, fixture.Token));

        await using (await fixture.StartAgentAsync(maxJobs: 1))
        {
            Assert.Equal((Outcome.Unknown, JobFixture.Host), await OutcomeAsync(id, HostKey.Any));
            await fixture.EndAsync(await fixture.SubmitForAnyAsync("next"), HostKey.Any);
        }

        Assert.Equal(0, fixture.RecordingOperation.Count("a"));
        await using var after = await fixture.OpenLedgerAsync();
        Assert.Empty(after.Open);
    }

    [Fact]
    public async Task An_intent_whose_job_another_host_took_is_forgotten()
    {
        var id = await fixture.SubmitForAnyAsync("a");
        await using (var ledger = await fixture.OpenLedgerAsync())
            await ledger.RecordIntentAsync(JobIds.Of(id), WorkOperations.Act.Id, fixture.Token);
        await fixture.AppendStateAsync(id, HostKey.Any, new() { Kind = JobEventKind.Start, Host = "db-01", Ledger = "another", Session = "s" }, 0);

        await using (await fixture.StartAgentAsync(maxJobs: 1))
            await fixture.EndAsync(await fixture.SubmitForAnyAsync("next"), HostKey.Any);

        Assert.Equal([JobEventKind.Start], await fixture.StatesAsync(id, HostKey.Any));
        await using var after = await fixture.OpenLedgerAsync();
        Assert.Empty(after.Open);
    }

    [Fact]
    public async Task A_job_of_a_lost_ledger_is_not_run()
    {
        var id = await fixture.SubmitAsync("a");
        await fixture.AppendStateAsync(id, JobFixture.Host, new() { Kind = JobEventKind.Start, Host = JobFixture.Host, Ledger = "gone", Session = "old" }, 0);

        await fixture.StartAgentAsync(maxJobs: 1);
        await fixture.EndAsync(await fixture.SubmitAsync("next"));

        Assert.Equal(0, fixture.RecordingOperation.Count("a"));
        Assert.Equal([JobEventKind.Start], await fixture.StatesAsync(id));
    }

    [Fact]
    public async Task Read_only_jobs_run_again()
    {
        var id = await fixture.SubmitAsync("a", WorkOperations.Look);
        await LeaveAsync(id, JobFixture.Host, (_, _) => Task.CompletedTask);

        await fixture.StartAgentAsync();

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
    }

    [Fact]
    public async Task The_claim_is_in_the_ledger_while_the_job_runs_and_an_end_after_lost_counts()
    {
        var held = fixture.RecordingOperation.Hold("a");
        var agent = await fixture.StartAgentAsync();
        var id = await fixture.SubmitAsync("a");
        await held.Began;
        var start = await fixture.WaitForStateAsync(id, JobFixture.Host, JobEventKind.Start);

        Assert.True(await fixture.AppendStateAsync(id, JobFixture.Host, start with { Kind = JobEventKind.Lost }));
        held.Release();

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
        Assert.Equal([JobEventKind.Start, JobEventKind.Lost, JobEventKind.Finished], await fixture.StatesAsync(id));
        await agent.DisposeAsync();
        await using var ledger = await fixture.OpenLedgerAsync();
        Assert.Equal(LedgerPhase.Published, ledger.Find(JobIds.Of(id))!.Phase);
    }

    [Fact]
    public async Task After_a_restart_nothing_finished_runs_again_and_nothing_accepted_is_forgotten()
    {
        List<string> ids = [];
        for (var run = 0; run < 5; run++)
        {
            ids.Add(await fixture.SubmitAsync($"before {run}"));
            ids.Add(await fixture.SubmitAsync($"look {run}", WorkOperations.Look));
            await using var agent = await fixture.StartAgentAsync(maxJobs: 2);
            ids.Add(await fixture.SubmitAsync($"during {run}"));
            foreach (var id in ids)
                Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
        }

        Assert.Equal(15, fixture.RecordingOperation.Total);
        await using var ledger = await fixture.OpenLedgerAsync();
        // The last command is before the cursor: a new session does not even read it.
        Assert.Equal((await fixture.Transport.StateAsync(Osapi.Transport.StreamName.Commands, fixture.Token)).LastSequence, ledger.Cursor.Sequence);
    }

    [Fact]
    public async Task The_cursor_stays_before_what_still_runs()
    {
        var held = fixture.RecordingOperation.Hold("long");
        var agent = await fixture.StartAgentAsync();
        var running = await fixture.SubmitAsync("long");
        await held.Began;
        await fixture.EndAsync(await fixture.SubmitAsync("short"));

        var stopped = agent.DisposeAsync();
        await agent.Completion;
        held.Release();
        await stopped;
        await using (var ledger = await fixture.OpenLedgerAsync())
            Assert.Equal(2, ledger.Cursor.Sequence);

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(running)).Outcome);
    }

    [Fact]
    public async Task A_cursor_of_a_recreated_log_is_ignored()
    {
        await using (var ledger = await fixture.OpenLedgerAsync())
            ledger.MoveCursor(new(fixture.Time.GetUtcNow().AddDays(-1), 1000));
        var id = await fixture.SubmitAsync("a");

        await fixture.StartAgentAsync();

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
    }

    [Fact]
    public async Task A_cursor_after_the_end_of_a_restored_log_is_ignored_and_nothing_runs_again()
    {
        var before = await fixture.SubmitAsync("before");
        await using (await fixture.StartAgentAsync())
            await fixture.EndAsync(before);
        var log = await fixture.Transport.StateAsync(Osapi.Transport.StreamName.Commands, fixture.Token);
        await using (var ledger = await fixture.OpenLedgerAsync())
            ledger.MoveCursor(new(log.Created, log.LastSequence + 1000));
        var after = await fixture.SubmitAsync("after");

        await using var agent = await fixture.StartAgentAsync();

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(after)).Outcome);
        Assert.Equal(2, fixture.RecordingOperation.Total);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(3600)]
    public async Task A_job_that_ran_while_an_old_ledger_was_put_in_the_place_of_the_new_one_is_not_reported_as_expired(double startWithin)
    {
        await (await fixture.OpenLedgerAsync()).DisposeAsync();
        var ledger = Path.Combine(fixture.LedgerDirectory(), "ledger");
        var copy = await File.ReadAllBytesAsync(ledger, fixture.Token);
        var held = fixture.RecordingOperation.Hold("a");
        var frozen = await fixture.StartFrozenAgentAsync(JobFixture.Host);
        var id = await fixture.SubmitAsync("a", startWithin: startWithin);
        await held.Began;
        var start = await fixture.WaitForStateAsync(id, JobFixture.Host, JobEventKind.Start);
        // The agent dies with its job: from here on nothing reaches the store.
        held.Release();
        await frozen.DisposeAsync();
        await fixture.Transport.PurgeAsync(Osapi.Transport.StreamName.Jobs, Subjects.State(JobIds.Of(id), JobFixture.Host), before: null, fixture.Token);
        Assert.True(await fixture.AppendStateAsync(id, JobFixture.Host, start, 0));
        Assert.True(startWithin > 10 ? await fixture.AppendStateAsync(id, JobFixture.Host, start with { Kind = JobEventKind.Lost }) : true);
        await File.WriteAllBytesAsync(ledger, copy, fixture.Token);
        fixture.Time.Advance(TimeSpan.FromSeconds(6));

        await fixture.StartAgentAsync();

        Assert.Equal(Outcome.Unknown, (await fixture.EndAsync(id)).Outcome);
        Assert.Equal(1, fixture.RecordingOperation.Count("a"));
    }

    [Fact]
    public async Task An_agent_registers_after_it_has_published_its_ledger()
    {
        var id = await fixture.SubmitAsync("a");
        await LeaveAsync(id, JobFixture.Host, (ledger, start) => ledger.RecordClaimAsync(JobIds.Of(id), JobFixture.Host, WorkOperations.Act.Id, start, fixture.Token));
        var registeredBefore = false;
        FaultyTransport watched = new(fixture.Transport)
        {
            Fail = (call, append) =>
            {
                registeredBefore |= call == Call.Register && fixture.Transport.LastAsync(Osapi.Transport.StreamName.Jobs, Subjects.State(JobIds.Of(id), JobFixture.Host), default).GetAwaiter().GetResult()!.Sequence < 3;
                return Fault.None;
            },
        };

        await fixture.StartAgentAsync(through: watched);
        await fixture.EndAsync(await fixture.SubmitAsync("next"));

        Assert.Equal(Outcome.Unknown, (await fixture.EndAsync(id)).Outcome);
        Assert.False(registeredBefore);
    }

    private async Task<(Outcome, string)> OutcomeAsync(string id, string executor)
    {
        var entry = await fixture.EndAsync(id, executor);
        return (entry.Outcome, entry.Hostname);
    }

    // Writes the state of a session that claimed the start and was killed.
    private async Task LeaveAsync(string id, string executor, Func<Ledger, long, Task> then, bool lost = false, Func<Ledger, Task>? before = null)
    {
        await using var ledger = await fixture.OpenLedgerAsync();
        if (before is not null)
            await before(ledger);
        JobEvent start = new() { Kind = JobEventKind.Start, Host = JobFixture.Host, Ledger = ledger.Id, Session = "old" };
        Assert.True(await fixture.AppendStateAsync(id, executor, start, 0));
        var message = await fixture.Transport.LastAsync(Osapi.Transport.StreamName.Jobs, Subjects.State(JobIds.Of(id), executor), fixture.Token);
        await then(ledger, message!.Sequence);
        if (lost)
            Assert.True(await fixture.AppendStateAsync(id, executor, start with { Kind = JobEventKind.Lost }));
    }
}
