using Osapi.Agent.Jobs.Ledgers;

namespace Osapi.Agent.Tests.Jobs;

internal enum LedgerAct { Intent, Claim, Fin, Published, Forget, MoveCursor, Wait, Reopen }

internal sealed record LedgerStep(LedgerAct Act, int Job, int Number)
{
    public string JobId => $"job-{Job}";

    public LedgerCursor Cursor => new(DateTimeOffset.UnixEpoch.AddDays(Job), Number);

    public byte[] Entry => [.. Enumerable.Range(0, Number % 300).Select(position => (byte)(position * Number))];
}

/// <summary>A model of the ledger: a job is in one phase, and phases follow each other.</summary>
internal sealed class LedgerModel(TimeSpan rememberFor)
{
    private readonly Dictionary<string, LedgerJob> jobs = [];

    public LedgerCursor Cursor { get; private set; }

    public LedgerJob? Find(string jobId, DateTimeOffset now) =>
        jobs.TryGetValue(jobId, out var job) && (job.Phase != LedgerPhase.Published || now - job.Time < rememberFor) ? job : null;

    public IEnumerable<LedgerJob> Open => jobs.Values.Where(job => job.Phase != LedgerPhase.Published);

    public LedgerModel Clone()
    {
        LedgerModel clone = new(rememberFor) { Cursor = Cursor };
        foreach (var (jobId, job) in jobs)
            clone.jobs.Add(jobId, job);
        return clone;
    }

    /// <summary>Executes the step; false when it is not allowed.</summary>
    public bool TryApply(LedgerStep step, DateTimeOffset now)
    {
        var phase = Find(step.JobId, now)?.Phase;
        switch (step.Act, phase)
        {
            case (LedgerAct.Intent, null or LedgerPhase.Intent):
                jobs[step.JobId] = new(JobIds.Of(step.JobId), LedgerPhase.Intent, "", "intended", 0, now, null);
                return true;
            case (LedgerAct.Claim, null or LedgerPhase.Intent):
                jobs[step.JobId] = new(JobIds.Of(step.JobId), LedgerPhase.Claimed, "web-01", "claimed", step.Number, now, null);
                return true;
            case (LedgerAct.Fin, LedgerPhase.Claimed):
                jobs[step.JobId] = jobs[step.JobId] with { Phase = LedgerPhase.Finished, Time = now, Entry = step.Entry };
                return true;
            case (LedgerAct.Published, LedgerPhase.Finished):
                jobs[step.JobId] = new(JobIds.Of(step.JobId), LedgerPhase.Published, "", "", 0, now, null);
                return true;
            case (LedgerAct.Forget, LedgerPhase.Intent):
                jobs.Remove(step.JobId);
                return true;
            case (LedgerAct.Published or LedgerAct.Forget, null or LedgerPhase.Published):
                return true;
            case (LedgerAct.MoveCursor, _):
                Cursor = step.Cursor;
                return true;
            default:
                return false;
        }
    }

    public static async Task TakeAsync(Ledger ledger, LedgerStep step)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        switch (step.Act)
        {
            case LedgerAct.Intent:
                await ledger.RecordIntentAsync(JobIds.Of(step.JobId), "intended", cancellationToken);
                break;
            case LedgerAct.Claim:
                await ledger.RecordClaimAsync(JobIds.Of(step.JobId), "web-01", "claimed", step.Number, cancellationToken);
                break;
            case LedgerAct.Fin:
                await ledger.RecordFinishAsync(JobIds.Of(step.JobId), step.Entry, cancellationToken);
                break;
            case LedgerAct.Published:
                ledger.Published(JobIds.Of(step.JobId));
                break;
            case LedgerAct.Forget:
                ledger.Forget(JobIds.Of(step.JobId));
                break;
            case LedgerAct.MoveCursor:
                ledger.MoveCursor(step.Cursor);
                break;
        }
    }

    public void AssertSame(Ledger ledger, IEnumerable<string> jobIds, DateTimeOffset now)
    {
        Assert.Equal(Cursor, ledger.Cursor);
        Assert.Equal(Open.Select(Text).Order(), ledger.Open.Select(Text).Order());
        foreach (var jobId in jobIds)
            Assert.Equal(Text(Find(jobId, now)), Text(ledger.Find(JobIds.Of(jobId))));
    }

    // A record compares the reference to the reply's bytes, not the bytes.
    private static string Text(LedgerJob? job) =>
        job is null ? "unknown" : $"{job with { Entry = null }} {(job.Entry is { } entry ? Convert.ToHexString(entry.Span) : "without entry")}";
}
