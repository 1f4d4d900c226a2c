using Osapi.Agent.Jobs.Ledgers;
using Osapi.Agent.Tests.Sample;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

public sealed class FullDiskTests : IAsyncLifetime
{
    private JobFixture room = null!;

    private string LedgerFile => Path.Combine(room.LedgerDirectory(), "ledger");

    public async ValueTask InitializeAsync() => room = await JobFixture.OpenAsync(new AcceleratedTimeProvider());

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task Nothing_runs_that_cannot_be_written_down_and_the_answer_says_why()
    {
        await room.StartAgentAsync();
        using (FullDisk.Under(LedgerFile))
        {
            var entry = await room.EndAsync(await room.SubmitAsync("refused", startWithin: 3600));
            Assert.Equal((Outcome.Failed, ErrorType.Unavailable), (entry.Outcome, entry.ErrorType));
            Assert.StartsWith("not run, because the agent's ledger cannot be written", entry.Error, StringComparison.Ordinal);
            Assert.Equal(Outcome.Ok, (await room.EndAsync(await room.SubmitAsync("looks", WorkOperations.Look, startWithin: 3600))).Outcome);
        }

        Assert.Equal(Outcome.Ok, (await room.EndAsync(await room.SubmitAsync("again", startWithin: 3600))).Outcome);
        Assert.Equal(0, room.RecordingOperation.Count("refused"));
    }

    [Fact]
    public async Task A_job_for_any_host_is_left_to_one_that_can_write_it_down()
    {
        await room.StartAgentAsync(maxJobs: 1);
        using var full = FullDisk.Under(LedgerFile);
        var id = await room.SubmitForAnyAsync("a", startWithin: 3600);
        // Read-only jobs need no ledger: this one runs only after the first was given up.
        await room.EndAsync(await room.SubmitAsync("looks", WorkOperations.Look, startWithin: 3600));
        await room.StartAgentAsync("web-02");

        var entry = await room.EndAsync(id, HostKey.Any);
        Assert.Equal((Outcome.Ok, "web-02"), (entry.Outcome, entry.Hostname));
        Assert.Equal(1, room.RecordingOperation.Count("a"));
    }

    [Fact]
    public async Task A_host_that_cannot_write_takes_from_the_queue_again_after_a_while()
    {
        await room.StartAgentAsync(maxJobs: 1);
        string id;
        using (FullDisk.Under(LedgerFile))
        {
            id = await room.SubmitForAnyAsync("a", startWithin: 3600);
            await room.EndAsync(await room.SubmitAsync("looks", WorkOperations.Look, startWithin: 3600));
        }

        Assert.Equal(Outcome.Ok, (await room.EndAsync(id, HostKey.Any)).Outcome);
    }

    [Fact]
    public async Task An_end_that_cannot_be_written_down_is_told_and_the_job_never_runs_again()
    {
        var held = room.RecordingOperation.Hold("a");
        var agent = await room.StartAgentAsync();
        var id = await room.SubmitAsync("a");
        await held.Began;
        using (FullDisk.Under(LedgerFile))
        {
            held.Release();
            Assert.Equal(Outcome.Ok, (await room.EndAsync(id)).Outcome);
            await agent.DisposeAsync();
        }

        await using (await room.StartAgentAsync(maxJobs: 1))
            await room.EndAsync(await room.SubmitAsync("next"));

        Assert.Equal(1, room.RecordingOperation.Count("a"));
        Assert.Equal([JobEventKind.Start, JobEventKind.Finished], await room.StatesAsync(id));
        await using var ledger = await room.OpenLedgerAsync();
        Assert.Empty(ledger.Open);
    }

    [Fact]
    public async Task A_damaged_ledger_keeps_the_agent_from_starting()
    {
        await using (var agent = await room.StartAgentAsync())
        {
            await room.EndAsync(await room.SubmitAsync("a"));
            await room.EndAsync(await room.SubmitAsync("b"));
        }

        var bytes = await File.ReadAllBytesAsync(LedgerFile, room.Token);
        bytes[20] ^= 0xff;
        await File.WriteAllBytesAsync(LedgerFile, bytes, room.Token);

        await Assert.ThrowsAsync<LedgerCorruptException>(() => room.StartAgentAsync());
    }
}
