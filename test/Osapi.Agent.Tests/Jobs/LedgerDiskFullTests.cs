using Osapi.Agent.Jobs.Ledgers;

namespace Osapi.Agent.Tests.Jobs;

public sealed class LedgerDiskFullTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("ledger-disk-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LedgerOptions Options => new() { Directory = Path.Combine(directory.FullName, "state") };

    private string File => Path.Combine(Options.Directory, "ledger");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task A_full_disk_refuses_claims_leaves_no_trace_of_them_and_recovers_with_the_space()
    {
        await using var disk = await SmallDisk.MountAsync(directory.FullName, size: "128k");
        List<string> acknowledged = [], refused = [];
        await using (var ledger = await Ledger.OpenAsync(Options, Token))
        {
            await ClaimAsync(ledger, "before");
            disk.Fill();
            for (var job = 0; refused.Count < 5; job++)
            {
                var length = new FileInfo(File).Length;
                if (!await ClaimAsync(ledger, $"full-{job}"))
                    Assert.Equal(length, new FileInfo(File).Length);
            }

            await Assert.ThrowsAsync<LedgerException>(() => ledger.RecordFinishAsync(JobIds.Of("before"), new byte[20_000], Token));
            Assert.Equal(LedgerPhase.Claimed, ledger.Find(JobIds.Of("before"))?.Phase);
            AssertKnown(ledger);
            disk.MakeRoom();

            await ClaimAsync(ledger, "after");
            await ClaimAsync(ledger, refused[0]);
            refused.RemoveAt(0);
            await ledger.RecordFinishAsync(JobIds.Of("before"), new byte[20_000], Token);
            Assert.Equal("after", acknowledged[^2]);
            AssertKnown(ledger);
        }

        disk.Fill();
        await using (var ledger = await Ledger.OpenAsync(Options, Token))
            AssertKnown(ledger);
        disk.MakeRoom();
        await using (var ledger = await Ledger.OpenAsync(Options, Token))
        {
            AssertKnown(ledger);
            Assert.Equal(20_000, ledger.Find(JobIds.Of("before"))?.Entry?.Length);
        }

        async Task<bool> ClaimAsync(Ledger ledger, string jobId)
        {
            try
            {
                await ledger.RecordClaimAsync(JobIds.Of(jobId), "web-01", "node.uptime.get", 1, Token);
                acknowledged.Add(jobId);
                return true;
            }
            catch (LedgerException)
            {
                refused.Add(jobId);
                return false;
            }
        }

        void AssertKnown(Ledger ledger)
        {
            Assert.All(acknowledged, jobId => Assert.NotNull(ledger.Find(JobIds.Of(jobId))));
            Assert.All(refused, jobId => Assert.Null(ledger.Find(JobIds.Of(jobId))));
        }
    }

    [Fact]
    public async Task Claims_refused_together_are_all_refused()
    {
        await using var disk = await SmallDisk.MountAsync(directory.FullName, size: "128k");
        await using var ledger = await Ledger.OpenAsync(Options, Token);
        disk.Fill();

        var claims = Enumerable.Range(0, 2000).Select(job => (JobId: $"job-{job}", Task: ledger.RecordClaimAsync(JobIds.Of($"job-{job}"), "web-01", "node.uptime.get", job, Token))).ToList();
        foreach (var (jobId, task) in claims)
            await task.ContinueWith(_ => { }, Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        Assert.Contains(claims, claim => claim.Task.IsFaulted);
        Assert.All(claims, claim => Assert.Equal(claim.Task.IsCompletedSuccessfully, ledger.Find(JobIds.Of(claim.JobId)) is not null));
        Assert.All(claims.Where(claim => claim.Task.IsFaulted), claim => Assert.IsType<LedgerException>(claim.Task.Exception!.InnerException));
    }
}
