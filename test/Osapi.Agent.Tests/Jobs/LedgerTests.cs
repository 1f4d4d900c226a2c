using Osapi.Agent.Jobs;

namespace Osapi.Agent.Tests.Jobs;

public sealed class LedgerTests : IDisposable
{
    private readonly LedgerRoom room = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task A_job_is_known_in_every_phase_and_after_every_reopening()
    {
        LedgerCursor cursor = new(room.Time.GetUtcNow(), 42);
        string id;
        await using (var ledger = await room.OpenAsync())
        {
            id = ledger.Id;
            Assert.Equal(default, ledger.Cursor);
            Assert.Null(ledger.Find("job"));
            await ledger.IntentAsync("job", "node.uptime.get", Token);
            ledger.MoveCursor(cursor);
        }

        await using (var ledger = await room.OpenAsync())
        {
            Assert.Equal(id, ledger.Id);
            Assert.Equal(cursor, ledger.Cursor);
            Assert.Equal(new("job", LedgerPhase.Intent, "", "node.uptime.get", 0, room.Time.GetUtcNow(), null), Assert.Single(ledger.Open));
            await ledger.ClaimAsync("job", "_any", "node.uptime.get", 7, Token);
        }

        await using (var ledger = await room.OpenAsync())
        {
            Assert.Equal(new("job", LedgerPhase.Claimed, "_any", "node.uptime.get", 7, room.Time.GetUtcNow(), null), Assert.Single(ledger.Open));
            await ledger.FinAsync("job", "the end"u8.ToArray(), Token);
        }

        await using (var ledger = await room.OpenAsync())
        {
            var job = Assert.Single(ledger.Open);
            Assert.Equal("the end"u8, job.Entry!.Value.Span);
            Assert.Equal(new("job", LedgerPhase.Finished, "_any", "node.uptime.get", 7, room.Time.GetUtcNow(), null), job with { Entry = null });
            ledger.Published("job");
        }

        await using (var ledger = await room.OpenAsync())
        {
            Assert.Empty(ledger.Open);
            Assert.Equal(new("job", LedgerPhase.Published, "", "", 0, room.Time.GetUtcNow(), null), ledger.Find("job"));
        }
    }
}
