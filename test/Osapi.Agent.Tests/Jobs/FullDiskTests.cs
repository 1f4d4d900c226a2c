using Osapi.Agent.Jobs.Ledgers;
using Osapi.Agent.Tests.Sample;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

public sealed class FullDiskTests() : JobTest(new AcceleratedTimeProvider())
{
    private string LedgerFile => Path.Combine(fixture.LedgerDirectory(), "ledger");

    [Fact]
    public async Task Nothing_runs_that_cannot_be_written_down_and_the_answer_says_why()
    {
        await fixture.StartAgentAsync();
        using (FullDisk.Under(LedgerFile))
        {
            var entry = await fixture.EndAsync(await fixture.SubmitAsync("refused", startWithin: 3600));
            Assert.Equal((Outcome.Failed, ErrorType.Unavailable), (entry.Outcome, entry.ErrorType));
            Assert.StartsWith("not run, because the agent's ledger cannot be written", entry.Error, StringComparison.Ordinal);
            Assert.Equal(Outcome.Ok, (await fixture.EndAsync(await fixture.SubmitAsync("looks", WorkOperations.Look, startWithin: 3600))).Outcome);
        }

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(await fixture.SubmitAsync("again", startWithin: 3600))).Outcome);
        Assert.Equal(0, fixture.RecordingOperation.Count("refused"));
    }

    [Fact]
    public async Task A_job_for_any_host_is_left_to_one_that_can_write_it_down()
    {
        await fixture.StartAgentAsync(maxJobs: 1);
        using var full = FullDisk.Under(LedgerFile);
        var id = await fixture.SubmitForAnyAsync("a", startWithin: 3600);
        // Read-only jobs need no ledger: this one runs only after the first was given up.
        await fixture.EndAsync(await fixture.SubmitAsync("looks", WorkOperations.Look, startWithin: 3600));
        await fixture.StartAgentAsync("web-02");

        var entry = await fixture.EndAsync(id, HostKey.Any);
        Assert.Equal((Outcome.Ok, "web-02"), (entry.Outcome, entry.Hostname));
        Assert.Equal(1, fixture.RecordingOperation.Count("a"));
    }

    [Fact]
    public async Task A_host_that_cannot_write_takes_from_the_queue_again_after_a_while()
    {
        await fixture.StartAgentAsync(maxJobs: 1);
        string id;
        using (FullDisk.Under(LedgerFile))
        {
            id = await fixture.SubmitForAnyAsync("a", startWithin: 3600);
            await fixture.EndAsync(await fixture.SubmitAsync("looks", WorkOperations.Look, startWithin: 3600));
        }

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id, HostKey.Any)).Outcome);
    }

    [Fact]
    public async Task An_end_that_the_ledger_cannot_store_is_published_and_the_job_never_runs_again()
    {
        var held = fixture.RecordingOperation.Hold("a");
        var agent = await fixture.StartAgentAsync();
        var id = await fixture.SubmitAsync("a");
        await held.Began;
        using (FullDisk.Under(LedgerFile))
        {
            held.Release();
            Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
            await agent.DisposeAsync();
        }

        await using (await fixture.StartAgentAsync(maxJobs: 1))
            await fixture.EndAsync(await fixture.SubmitAsync("next"));

        Assert.Equal(1, fixture.RecordingOperation.Count("a"));
        Assert.Equal([JobEventKind.Start, JobEventKind.Finished], await fixture.StatesAsync(id));
        await using var ledger = await fixture.OpenLedgerAsync();
        Assert.Empty(ledger.Open);
    }

    [Fact]
    public async Task A_damaged_ledger_keeps_the_agent_from_starting()
    {
        await using (var agent = await fixture.StartAgentAsync())
        {
            await fixture.EndAsync(await fixture.SubmitAsync("a"));
            await fixture.EndAsync(await fixture.SubmitAsync("b"));
        }

        var bytes = await File.ReadAllBytesAsync(LedgerFile, fixture.Token);
        bytes[20] ^= 0xff;
        await File.WriteAllBytesAsync(LedgerFile, bytes, fixture.Token);

        await Assert.ThrowsAsync<LedgerCorruptException>(() => fixture.StartAgentAsync());
    }
}
