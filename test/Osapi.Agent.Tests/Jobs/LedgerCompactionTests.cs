using Osapi.Agent.Jobs.Ledgers;

namespace Osapi.Agent.Tests.Jobs;

public sealed class LedgerCompactionTests : IDisposable
{
    private readonly LedgerFixture fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Opening_keeps_what_is_open_and_the_keys_that_are_young_and_nothing_else()
    {
        LedgerCursor cursor = new(fixture.Time.GetUtcNow(), 5);
        await using (var ledger = await fixture.OpenAsync())
        {
            await PublishAsync(ledger, "old");
            fixture.Time.Advance(TimeSpan.FromHours(1));
            await PublishAsync(ledger, "young");
            await ledger.RecordIntentAsync(JobIds.Of("lost"), "node.uptime.get", Token);
            ledger.Forget(JobIds.Of("lost"));
            await ledger.RecordIntentAsync(JobIds.Of("intended"), "node.uptime.get", Token);
            await ledger.RecordClaimAsync(JobIds.Of("claimed"), "web-01", "node.uptime.get", 3, Token);
            await ledger.RecordClaimAsync(JobIds.Of("finished"), "web-01", "node.uptime.get", 4, Token);
            await ledger.RecordFinishAsync(JobIds.Of("finished"), new byte[100], Token);
            ledger.MoveCursor(cursor with { Sequence = 1 });
            ledger.MoveCursor(cursor);
        }

        fixture.Time.Advance(TimeSpan.FromHours(2));
        await (await fixture.OpenAsync()).DisposeAsync();

        var records = Read();
        Assert.Equal([$"Claimed {JobIds.Of("claimed")}", "Cursor ", $"Finished {JobIds.Of("finished")}", "Identity", $"Intent {JobIds.Of("intended")}", $"Published {JobIds.Of("young")}"], records.Select(Text).Order(StringComparer.Ordinal));
        Assert.Equal(cursor, records.Single(record => record.Kind == LedgerRecordKind.Cursor).Position);
        Assert.Equal(100, records.Single(record => record.Kind == LedgerRecordKind.Finished).Entry?.Length);
        Assert.Equal("", records.Single(record => record.Kind == LedgerRecordKind.Published).Operation);
    }

    [Fact]
    public async Task Passing_the_limit_compacts_while_it_runs()
    {
        const long Limit = 8 * 1024;
        await using (var ledger = await fixture.OpenAsync(Limit))
        {
            await ledger.RecordClaimAsync(JobIds.Of("claimed"), "web-01", "node.uptime.get", 3, Token);
            for (var job = 0; job < 500; job++)
            {
                await PublishAsync(ledger, $"job-{job}");
                fixture.Time.Advance(TimeSpan.FromMinutes(5));
                Assert.InRange(new FileInfo(fixture.File).Length, 1, Limit + 1024);
            }

            Assert.Equal(JobIds.Of("claimed").ToString(), Assert.Single(ledger.Open).JobId.ToString());
        }

        await using var again = await fixture.OpenAsync();
        Assert.Equal(JobIds.Of("claimed").ToString(), Assert.Single(again.Open).JobId.ToString());
        Assert.NotNull(again.Find(JobIds.Of("job-499")));
        Assert.Null(again.Find(JobIds.Of("job-0")));
    }

    [Fact]
    public async Task Leftovers_of_an_interrupted_compaction_are_ignored()
    {
        await using (var ledger = await fixture.OpenAsync())
            await ledger.RecordClaimAsync(JobIds.Of("claimed"), "web-01", "node.uptime.get", 3, Token);
        await File.WriteAllTextAsync(fixture.File + ".new", "half a compaction", Token);

        await using var again = await fixture.OpenAsync();

        Assert.Equal(JobIds.Of("claimed").ToString(), Assert.Single(again.Open).JobId.ToString());
        Assert.False(File.Exists(fixture.File + ".new"));
    }

    [Fact]
    public async Task Claims_of_many_lanes_survive_compactions_between_them()
    {
        const int Lanes = 8, Turns = 100;
        await using (var ledger = await fixture.OpenAsync(compactAt: 2048))
            await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(() => WorkAsync(ledger, lane), Token)));

        await using var again = await fixture.OpenAsync();
        Assert.Equal(Lanes * Turns / 2, again.Open.Count);
        for (var lane = 0; lane < Lanes; lane++)
            for (var turn = 0; turn < Turns; turn++)
                Assert.Equal(turn % 2 == 0 ? LedgerPhase.Published : LedgerPhase.Claimed, again.Find(JobIds.Of($"{lane}-{turn}"))?.Phase);

        static async Task WorkAsync(Ledger ledger, int lane)
        {
            for (var turn = 0; turn < Turns; turn++)
                if (turn % 2 == 0)
                    await PublishAsync(ledger, $"{lane}-{turn}");
                else
                    await ledger.RecordClaimAsync(JobIds.Of($"{lane}-{turn}"), "web-01", "node.uptime.get", turn, Token);
        }
    }

    private static async Task PublishAsync(Ledger ledger, string jobId)
    {
        await ledger.RecordClaimAsync(JobIds.Of(jobId), "web-01", "node.uptime.get", 2, Token);
        await ledger.RecordFinishAsync(JobIds.Of(jobId), new byte[50], Token);
        ledger.Published(JobIds.Of(jobId));
    }

    private List<LedgerRecord> Read()
    {
        List<LedgerRecord> records = [];
        using var file = File.OpenRead(fixture.File);
        Assert.Equal(file.Length, LedgerReader.Read(file, records.Add));
        return records;
    }

    private static string Text(LedgerRecord record) => record.Kind == LedgerRecordKind.Identity ? "Identity" : $"{record.Kind} {record.Key}";
}
