using System.Diagnostics;
using Osapi.Agent.Jobs.Ledgers;

namespace Osapi.Agent.Tests.Jobs;

public sealed class LedgerKillTests : IDisposable
{
    private readonly LedgerFixture fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Everything_acknowledged_to_a_killed_process_is_there()
    {
        var rounds = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 200 : 20;
        var seed = Random.Shared.Next();
        Random random = new(seed);
        string? id = null;
        List<string> claimed = [];
        for (var round = 0; round < rounds; round++)
        {
            var reported = await WorkUntilKilledAsync(random.Next(1, 3000));

            await using var ledger = await Ledger.OpenAsync(new() { Directory = fixture.Directory }, Token);
            Assert.Equal($"id {id ??= ledger.Id}", reported[0]);
            foreach (var line in reported.Skip(1))
            {
                var jobId = line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];
                var job = ledger.Find(JobIds.Of(jobId));
                Assert.True(job is { Phase: >= LedgerPhase.Claimed }, $"seed {seed}, round {round}: told '{line}', found {job}");
                if (line.StartsWith("fin", StringComparison.Ordinal))
                    Assert.True(job.Phase == LedgerPhase.Published || job is { Phase: LedgerPhase.Finished, Entry: { } entry } && entry.Span.SequenceEqual(LedgerWorker.Entry(jobId)),
                        $"seed {seed}, round {round}: told '{line}', found {job}");
                else
                    claimed.Add(jobId);
            }

            await EndAllAsync(ledger);
        }

        await using var last = await Ledger.OpenAsync(new() { Directory = fixture.Directory }, Token);
        Assert.Empty(last.Open);
        Assert.All(claimed, jobId => Assert.Equal(LedgerPhase.Published, last.Find(JobIds.Of(jobId))?.Phase));
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {rounds} rounds, {claimed.Count} claims");
    }

    private async Task<List<string>> WorkUntilKilledAsync(int lines)
    {
        using var worker = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Osapi.Agent.Tests"), [LedgerWorker.Argument, fixture.Directory]) { RedirectStandardOutput = true })!;
        List<string> reported = [];
        while (await worker.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            reported.Add(line);
            if (reported.Count == lines)
                worker.Kill();
        }

        await worker.WaitForExitAsync(Token);
        Assert.True(reported.Count >= lines, $"The worker ended by itself after {reported.Count} lines.");
        // No line is cut: a pipe accepts this few bytes all or not at all.
        return reported;
    }

    /// <summary>Finishes everything unfinished, as an agent does at its start.</summary>
    private static async Task EndAllAsync(Ledger ledger)
    {
        await Task.WhenAll(ledger.Open.Select(async job =>
        {
            if (job.Phase == LedgerPhase.Intent)
            {
                ledger.Forget(job.JobId);
                return;
            }

            if (job.Phase == LedgerPhase.Claimed)
                await ledger.RecordFinishAsync(job.JobId, "unknown"u8.ToArray(), Token);
            ledger.Published(job.JobId);
        }));
    }
}
