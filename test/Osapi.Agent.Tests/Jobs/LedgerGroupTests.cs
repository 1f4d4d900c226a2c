namespace Osapi.Agent.Tests.Jobs;

public sealed class LedgerGroupTests : IDisposable
{
    private readonly LedgerFixture fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Claims_that_come_together_wait_for_the_disk_together()
    {
        const int Claims = 1000;
        await using var ledger = await fixture.OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, Claims).Select(job => ledger.RecordClaimAsync(JobIds.Of($"job-{job}"), "web-01", "node.uptime.get", job, Token)));

        Assert.Equal(Claims, ledger.Open.Count);
        Assert.InRange(ledger.Flushes, 1, Claims / 2);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Claims} claims, {ledger.Flushes} flushes");
    }

    [Fact]
    public async Task A_claim_alone_waits_for_the_disk_once()
    {
        await using var ledger = await fixture.OpenAsync();

        for (var job = 0; job < 10; job++)
            await ledger.RecordClaimAsync(JobIds.Of($"job-{job}"), "web-01", "node.uptime.get", job, Token);

        Assert.Equal(10, ledger.Flushes);
    }

    [Fact]
    public async Task Records_that_need_not_be_durable_do_not_wait_for_the_disk_but_are_written()
    {
        var ledger = await fixture.OpenAsync();
        for (var sequence = 1; sequence <= 100; sequence++)
            ledger.MoveCursor(new(fixture.Time.GetUtcNow(), sequence));
        await ledger.DisposeAsync();

        Assert.Equal(0, ledger.Flushes);
        await using var again = await fixture.OpenAsync();
        Assert.Equal(100, again.Cursor.Sequence);
    }
}
