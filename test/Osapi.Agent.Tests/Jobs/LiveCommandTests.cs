using Osapi.Agent.Jobs;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>Tests of commands that come as they are published, and from the log, which is the truth.</summary>
public sealed class LiveCommandTests : JobTest
{
    private const int StartWithin = 3600;

    [Fact]
    public async Task A_command_that_comes_live_several_times_and_from_the_log_runs_once()
    {
        var transport = await StartLiveAsync();
        transport.Copies = _ => 3;

        var id = await fixture.SubmitAsync("a", startWithin: StartWithin);

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
        await ReadLogAsync(transport);
        Assert.Equal([JobEventKind.Start, JobEventKind.Finished], await fixture.StatesAsync(id));
        Assert.Equal(1, fixture.RecordingOperation.Count("a"));
        // The log is not followed while commands come live.
        Assert.Equal(1, transport.Readers);
    }

    [Fact]
    public async Task A_command_published_during_an_interruption_is_read_from_the_log()
    {
        var transport = await StartLiveAsync();

        await ReadLogAsync(transport);

        Assert.Equal(1, fixture.RecordingOperation.Count("last"));
    }

    [Fact]
    public async Task A_command_whose_copy_is_lost_is_read_from_the_log_which_is_followed_again_then()
    {
        var transport = await StartLiveAsync();
        transport.Copies = _ => 0;
        var id = await fixture.SubmitAsync("a", startWithin: StartWithin);

        await fixture.AdvanceUntilAsync(fixture.EndAsync(id), TimeSpan.FromSeconds(1));

        // Without any time.
        var next = await fixture.SubmitAsync("b", startWithin: StartWithin);
        await fixture.AdvanceUntilAsync(UntilFollowedAsync(transport, readers: 2), TimeSpan.FromSeconds(1));
        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(next)).Outcome);
        Assert.Equal((1, 1), (fixture.RecordingOperation.Count("a"), fixture.RecordingOperation.Count("b")));
    }

    [Fact]
    public async Task A_store_that_delivers_nothing_live_delivers_from_the_log_at_once()
    {
        LiveTransport transport = new(fixture.Transport) { Copies = _ => 0 };
        await fixture.StartAgentAsync(through: transport);

        foreach (var name in (string[])["a", "b", "c"])
            Assert.Equal(Outcome.Ok, (await fixture.EndAsync(await fixture.SubmitAsync(name))).Outcome);

        Assert.Equal(3, fixture.RecordingOperation.Total);
    }

    [Fact]
    public async Task A_copy_that_is_no_command_starts_nothing_and_is_counted_once()
    {
        var transport = await StartLiveAsync();
        transport.Copies = _ => 1;

        await fixture.AppendCommandAsync(JobFixture.Host, Guid.NewGuid().ToString(), "{}"u8.ToArray());

        await fixture.AdvanceUntilAsync(fixture.LogLines.WaitForLineAsync("Skipped in commands"), TimeSpan.FromSeconds(0.1));
        Assert.Equal(1, fixture.RecordingOperation.Total);
        var id = await fixture.SubmitAsync("a", startWithin: StartWithin);
        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
    }

    [Fact]
    public async Task A_cancel_that_comes_live_ends_a_running_job()
    {
        await StartLiveAsync();
        var work = fixture.RecordingOperation.Hold("a");
        var id = await fixture.SubmitAsync("a", startWithin: StartWithin);
        await work.Began;

        await fixture.CancelAsync(id);

        Assert.Equal(Outcome.Cancelled, (await fixture.EndAsync(id)).Outcome);
    }

    [Fact]
    public async Task A_late_copy_does_not_start_a_job_whose_acceptance_is_too_long_ago()
    {
        await StartLiveAsync();
        var id = Guid.NewGuid().ToString();
        JobCommand command = new() { Kind = CommandKind.Run, JobId = JobIds.Of(id), Operation = Sample.WorkOperations.Act.Id, Request = """{"name":"a"}"""u8.ToArray(), StartWithin = 10, Accepted = fixture.Time.GetUtcNow() };
        fixture.Time.Advance(TimeSpan.FromSeconds(41));

        await fixture.AppendCommandAsync(JobFixture.Host, id, JobJson.Bytes(command));

        Assert.Equal(Outcome.Expired, (await fixture.EndAsync(id)).Outcome);
        Assert.Equal(0, fixture.RecordingOperation.Count("a"));
    }

    [Fact]
    public async Task The_cursor_passes_no_command_that_came_live_and_is_still_under_way()
    {
        await using var ledger = await fixture.OpenLedgerAsync();
        CommandPositions positions = new(ledger);
        RunningJobs running = new(CancellationToken.None);
        StreamState log = new(fixture.Time.GetUtcNow(), LastSequence: 0);
        Assert.Equal(0, positions.Begin(log));
        var (slow, quick, next) = (JobIds.Of(Guid.NewGuid().ToString()), JobIds.Of(Guid.NewGuid().ToString()), JobIds.Of(Guid.NewGuid().ToString()));

        var first = positions.Take(slow, sequence: 0, running)!;
        var second = positions.Take(quick, sequence: 0, running)!;
        Assert.Null(positions.Take(slow, sequence: 0, running));
        End(second);
        // Nothing was read from the log.
        Assert.Equal(0, ledger.Cursor.Sequence);
        Assert.Null(positions.Take(slow, sequence: 5, running));
        Assert.Null(positions.Take(quick, sequence: 6, running));
        Assert.Equal(4, ledger.Cursor.Sequence);
        var third = positions.Take(next, sequence: 7, running)!;
        End(third);
        Assert.Equal(4, ledger.Cursor.Sequence);
        End(first);
        Assert.Equal(7, ledger.Cursor.Sequence);

        void End(ReceivedCommand command)
        {
            command.Job.Dispose();
            positions.End(command);
        }
    }

    // An agent that has heard a command live.
    private async Task<LiveTransport> StartLiveAsync()
    {
        LiveTransport transport = new(fixture.Transport);
        await fixture.StartAgentAsync(through: transport);
        var live = fixture.LogLines.WaitForLineAsync("Commands come as they are published");
        await fixture.EndAsync(await fixture.SubmitAsync("first"));
        await live.WaitAsync(fixture.Token);
        return transport;
    }

    // Reads the log up to a command that did not come live.
    private async Task ReadLogAsync(LiveTransport transport)
    {
        transport.Copies = _ => 0;
        var last = await fixture.SubmitAsync("last", startWithin: StartWithin);
        transport.Interrupt();
        await fixture.AdvanceUntilAsync(fixture.EndAsync(last), TimeSpan.FromSeconds(0.1));
    }

    private async Task UntilFollowedAsync(LiveTransport transport, int readers)
    {
        while (Volatile.Read(ref transport.Readers) < readers)
            await fixture.Transport.PingAsync(fixture.Token);
    }
}
