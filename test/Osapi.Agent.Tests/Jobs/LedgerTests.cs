using Osapi.Agent.Jobs.Ledgers;

namespace Osapi.Agent.Tests.Jobs;

public sealed class LedgerTests : IDisposable
{
    private readonly LedgerFixture fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task A_job_is_known_in_every_phase_and_after_every_reopening()
    {
        LedgerCursor cursor = new(fixture.Time.GetUtcNow(), 42);
        string id;
        await using (var ledger = await fixture.OpenAsync())
        {
            id = ledger.Id;
            Assert.Equal(default, ledger.Cursor);
            Assert.Null(ledger.Find(JobIds.Of("job")));
            await ledger.RecordIntentAsync(JobIds.Of("job"), "node.uptime.get", Token);
            ledger.MoveCursor(cursor);
        }

        await using (var ledger = await fixture.OpenAsync())
        {
            Assert.Equal(id, ledger.Id);
            Assert.Equal(cursor, ledger.Cursor);
            Assert.Equal(new(JobIds.Of("job"), LedgerPhase.Intent, "", "node.uptime.get", 0, fixture.Time.GetUtcNow(), null), Assert.Single(ledger.Open));
            await ledger.RecordClaimAsync(JobIds.Of("job"), "_any", "node.uptime.get", 7, Token);
        }

        await using (var ledger = await fixture.OpenAsync())
        {
            Assert.Equal(new(JobIds.Of("job"), LedgerPhase.Claimed, "_any", "node.uptime.get", 7, fixture.Time.GetUtcNow(), null), Assert.Single(ledger.Open));
            await ledger.RecordFinishAsync(JobIds.Of("job"), "the end"u8.ToArray(), Token);
        }

        await using (var ledger = await fixture.OpenAsync())
        {
            var job = Assert.Single(ledger.Open);
            Assert.Equal("the end"u8, job.Entry!.Value.Span);
            Assert.Equal(new(JobIds.Of("job"), LedgerPhase.Finished, "_any", "node.uptime.get", 7, fixture.Time.GetUtcNow(), null), job with { Entry = null });
            ledger.Published(JobIds.Of("job"));
        }

        await using (var ledger = await fixture.OpenAsync())
        {
            Assert.Empty(ledger.Open);
            Assert.Equal(new(JobIds.Of("job"), LedgerPhase.Published, "", "", 0, fixture.Time.GetUtcNow(), null), ledger.Find(JobIds.Of("job")));
        }
    }

    [Fact]
    public async Task A_job_is_claimed_once()
    {
        await using var ledger = await fixture.OpenAsync();
        await ledger.RecordClaimAsync(JobIds.Of("job"), "web-01", "node.uptime.get", 1, Token);

        await Assert.ThrowsAsync<InvalidOperationException>(() => ledger.RecordClaimAsync(JobIds.Of("job"), "web-01", "node.uptime.get", 1, Token));
        await ledger.RecordFinishAsync(JobIds.Of("job"), "{}"u8.ToArray(), Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ledger.RecordClaimAsync(JobIds.Of("job"), "web-01", "node.uptime.get", 1, Token));
        ledger.Published(JobIds.Of("job"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ledger.RecordClaimAsync(JobIds.Of("job"), "web-01", "node.uptime.get", 1, Token));
    }

    [Fact]
    public async Task Of_concurrent_claims_one_wins()
    {
        await using var ledger = await fixture.OpenAsync();

        var claims = await Task.WhenAll(Enumerable.Range(0, 50).Select(sequence => Task.Run(() => TryClaimAsync(sequence), Token)));

        Assert.Single(claims, won => won);

        async Task<bool> TryClaimAsync(int sequence)
        {
            try
            {
                await ledger.RecordClaimAsync(JobIds.Of("job"), "web-01", "node.uptime.get", sequence, Token);
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task A_published_job_is_known_until_its_time_has_passed()
    {
        await using var ledger = await fixture.OpenAsync();
        await ledger.RecordClaimAsync(JobIds.Of("job"), "web-01", "node.uptime.get", 1, Token);
        await ledger.RecordFinishAsync(JobIds.Of("job"), "{}"u8.ToArray(), Token);
        ledger.Published(JobIds.Of("job"));

        fixture.Time.Advance(TimeSpan.FromHours(3) - TimeSpan.FromTicks(1));
        Assert.Equal(LedgerPhase.Published, ledger.Find(JobIds.Of("job"))?.Phase);
        fixture.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(ledger.Find(JobIds.Of("job")));
    }

    [Fact]
    public void A_job_is_remembered_longer_than_any_command_may_be_repeated()
    {
        // The largest start_within that a call may ask for.
        var longest = TimeSpan.FromSeconds(3600);

        Assert.True(new LedgerOptions { Directory = "" }.RememberFor > longest + TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(-100)]
    public async Task A_correction_of_the_wall_clock_makes_it_forget_nothing(int hours)
    {
        ChangedClock clock = new();
        var directory = Directory.CreateTempSubdirectory("osapi-ledger-");
        await using (var ledger = await Ledger.OpenAsync(new() { Directory = directory.FullName, Time = clock }, Token))
        {
            await EndAsync("before");
            clock.Correction = TimeSpan.FromHours(hours);
            await EndAsync("after");

            Assert.Equal(LedgerPhase.Published, ledger.Find(JobIds.Of("before"))?.Phase);
            Assert.Equal(LedgerPhase.Published, ledger.Find(JobIds.Of("after"))?.Phase);

            async Task EndAsync(string job)
            {
                await ledger.RecordClaimAsync(JobIds.Of(job), "web-01", "node.uptime.get", 1, Token);
                await ledger.RecordFinishAsync(JobIds.Of(job), "{}"u8.ToArray(), Token);
                ledger.Published(JobIds.Of(job));
            }
        }

        directory.Delete(recursive: true);
    }

    private sealed class ChangedClock : TimeProvider
    {
        public TimeSpan Correction { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Correction;
    }

    [Fact]
    public async Task Unfinished_jobs_are_listed_oldest_first()
    {
        await using var ledger = await fixture.OpenAsync();
        foreach (var job in (string[])["third", "second", "first"])
            await ledger.RecordIntentAsync(JobIds.Of(job), "node.uptime.get", Token);
        foreach (var job in (string[])["first", "second", "third"])
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
            await ledger.RecordClaimAsync(JobIds.Of(job), "_any", "node.uptime.get", 1, Token);
        }

        Assert.Equal([JobIds.Of("first"), JobIds.Of("second"), JobIds.Of("third")], ledger.Open.Select(job => job.JobId));
    }

    [Fact]
    public async Task An_entry_of_64_megabytes_is_kept()
    {
        var entry = new byte[64 * 1024 * 1024];
        new Random(7).NextBytes(entry);
        await using (var ledger = await fixture.OpenAsync())
        {
            await ledger.RecordClaimAsync(JobIds.Of("job"), "web-01", "node.uptime.get", 1, Token);
            await ledger.RecordFinishAsync(JobIds.Of("job"), entry, Token);
            // The limit is exceeded by far; unfinished jobs are kept, and not rewritten with every record.
            await ledger.RecordClaimAsync(JobIds.Of("next"), "web-01", "node.uptime.get", 2, Token);
        }

        await using var again = await fixture.OpenAsync();
        Assert.True(entry.AsSpan().SequenceEqual(again.Find(JobIds.Of("job"))!.Entry!.Value.Span));
        Assert.NotNull(again.Find(JobIds.Of("next")));
    }

    [Fact]
    public async Task The_bytes_of_an_entry_may_be_used_again()
    {
        await using var ledger = await fixture.OpenAsync();
        await ledger.RecordClaimAsync(JobIds.Of("job"), "web-01", "node.uptime.get", 1, Token);
        var bytes = "the end"u8.ToArray();
        await ledger.RecordFinishAsync(JobIds.Of("job"), bytes, Token);
        bytes.AsSpan().Clear();

        Assert.Equal("the end"u8, ledger.Find(JobIds.Of("job"))!.Entry!.Value.Span);
    }

    [Fact]
    public async Task A_cancelled_call_changes_nothing()
    {
        await using var ledger = await fixture.OpenAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ledger.RecordClaimAsync(JobIds.Of("job"), "web-01", "node.uptime.get", 1, new(canceled: true)));

        Assert.Null(ledger.Find(JobIds.Of("job")));
        await ledger.RecordClaimAsync(JobIds.Of("job"), "web-01", "node.uptime.get", 1, Token);
    }

    [Fact]
    public async Task Disposing_writes_what_is_queued_and_ends_it()
    {
        var ledger = await fixture.OpenAsync();
        var claims = Enumerable.Range(0, 100).Select(job => ledger.RecordClaimAsync(JobIds.Of($"job-{job}"), "web-01", "node.uptime.get", job, Token)).ToList();
        await ledger.DisposeAsync();

        await Task.WhenAll(claims);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ledger.RecordClaimAsync(JobIds.Of("late"), "web-01", "node.uptime.get", 1, Token));
        await using var again = await fixture.OpenAsync();
        Assert.Equal(100, again.Open.Count);
    }

    [Fact]
    public async Task Every_directory_has_an_id_of_its_own()
    {
        using LedgerFixture other = new();
        await using var one = await fixture.OpenAsync();
        await using var two = await other.OpenAsync();

        Assert.NotEqual(one.Id, two.Id);
    }
}
