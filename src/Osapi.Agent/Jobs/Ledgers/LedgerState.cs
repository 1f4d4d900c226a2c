using System.Security.Cryptography;
using Osapi.Operations;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>The ledger's state in memory.</summary>
/// <remarks>
/// A durable change first reserves its job, so that the second of two claims of one job fails at once, and is committed
/// when the file has it.
/// </remarks>
internal sealed class LedgerState(TimeProvider time, TimeSpan rememberFor)
{
    private readonly Lock gate = new();
    private readonly Dictionary<JobId, LedgerJob> open = [];
    private readonly Dictionary<JobId, DateTimeOffset> published = [];
    private readonly Queue<(JobId JobId, DateTimeOffset Time)> byTime = [];
    private readonly HashSet<JobId> reserved = [];
    private readonly Queue<(LedgerRecord Record, DateTimeOffset Time)> foreign = [];
    private LedgerCursor cursor;

    /// <summary>The maximum number of records of unknown kinds; the oldest are dropped first.</summary>
    private const int MaxForeignRecords = 10_000;

    public string Id { get; private set; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public LedgerCursor Cursor
    {
        get { lock (gate) return cursor; }
    }

    public IReadOnlyList<LedgerJob> Open
    {
        get { lock (gate) return [.. open.Values.OrderBy(job => job.Time)]; }
    }

    /// <summary>The number of kept records of unknown kinds.</summary>
    public int Foreign
    {
        get { lock (gate) return foreign.Count; }
    }

    public LedgerJob? Find(JobId jobId)
    {
        lock (gate)
            return Known(jobId);
    }

    /// <summary>Reserves the transition of a job to its next phase; returns the current record.</summary>
    public LedgerJob? Reserve(JobId jobId, LedgerPhase next)
    {
        lock (gate)
        {
            var job = Known(jobId);
            var allowed = next is LedgerPhase.Finished
                ? job is { Phase: LedgerPhase.Claimed }
                : job is null or { Phase: LedgerPhase.Intent };
            if (!allowed)
                throw new InvalidOperationException($"Job {jobId} cannot become {next}: it is {Name(job)}.");
            if (!reserved.Add(jobId))
                throw new InvalidOperationException($"Job {jobId} cannot become {next}: another change of it is being written.");
            return job;
        }
    }

    public void Release(JobId jobId)
    {
        lock (gate)
            reserved.Remove(jobId);
    }

    public void Commit(LedgerRecord record)
    {
        lock (gate)
        {
            if (record.JobId is { } jobId)
                reserved.Remove(jobId);
            Load(record);
        }
    }

    /// <summary>Applies a record that was read, or one that need not be durable.</summary>
    public void Apply(LedgerRecord record)
    {
        lock (gate)
            Load(record);
    }

    /// <summary>Marks a finished job as published; false when it is not finished.</summary>
    public bool Publish(JobId jobId, DateTimeOffset now) => RemoveOpen(jobId, LedgerPhase.Finished, Key(jobId, now));

    /// <summary>Marks a claimed job as published; false when it is not claimed.</summary>
    public bool PublishClaim(JobId jobId, DateTimeOffset now) => RemoveOpen(jobId, LedgerPhase.Claimed, Key(jobId, now));

    /// <summary>Drops an intent; false when there is none.</summary>
    public bool Forget(JobId jobId) => RemoveOpen(jobId, LedgerPhase.Intent, LedgerRecord.Forgotten(jobId));

    public static LedgerRecord Key(JobId jobId, DateTimeOffset time) => LedgerRecord.Of(new LedgerJob(jobId, LedgerPhase.Published, "", "", 0, time, null));

    /// <summary>Gets the records for a compacted file: unfinished jobs, remembered keys, and nothing else.</summary>
    public IReadOnlyList<LedgerRecord> Snapshot()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            return
            [
                LedgerRecord.Identity(Id),
                .. cursor == default ? (LedgerRecord[])[] : [LedgerRecord.Of(cursor)],
                .. byTime.Where(key => published.TryGetValue(key.JobId, out var at) && at == key.Time && IsRemembered(at, now)).Select(key => Key(key.JobId, key.Time)),
                .. foreign.Where(kept => IsRemembered(kept.Time, now)).Select(kept => kept.Record),
                .. open.Values.Select(LedgerRecord.Of),
            ];
        }
    }

    private bool RemoveOpen(JobId jobId, LedgerPhase from, LedgerRecord record)
    {
        lock (gate)
        {
            var job = Known(jobId);
            if (job is null or { Phase: LedgerPhase.Published })
                return false;
            if (job.Phase != from || reserved.Contains(jobId))
                throw new InvalidOperationException($"Job {jobId} cannot be {record.Kind}: it is {Name(job)}.");
            Load(record);
            return true;
        }
    }

    private LedgerJob? Known(JobId jobId) =>
        open.TryGetValue(jobId, out var job) ? job
        : published.TryGetValue(jobId, out var at) && IsRemembered(at, time.GetUtcNow()) ? Key(jobId, at).Job
        : null;

    private void Load(LedgerRecord record)
    {
        if (record.Foreign is not null)
            Retain(record);
        else
            LoadKnown(record);
    }

    // A newer version wrote it, and its next run must find it. Its meaning is unknown, so the job is not run.
    private void Retain(LedgerRecord record)
    {
        var now = time.GetUtcNow();
        var at = IsRemembered(record.Time, now) && record.Time <= now ? record.Time : now;
        foreign.Enqueue((record, at));
        if (foreign.Count > MaxForeignRecords)
            foreign.Dequeue();
        if (record.JobId is not { } jobId || open.ContainsKey(jobId))
            return;
        published[jobId] = at;
        byTime.Enqueue((jobId, at));
    }

    private void LoadKnown(LedgerRecord record)
    {
        switch (record)
        {
            case { Kind: LedgerRecordKind.Identity }:
                Id = record.Key;
                break;
            case { Kind: LedgerRecordKind.Cursor }:
                cursor = record.Position;
                break;
            case { Kind: LedgerRecordKind.Forgotten, JobId: { } jobId }:
                open.Remove(jobId);
                break;
            case { Kind: LedgerRecordKind.Published, JobId: { } jobId }:
                open.Remove(jobId);
                published[jobId] = record.Time;
                byTime.Enqueue((jobId, record.Time));
                DropOldKeys();
                break;
            case { JobId: { } jobId }:
                open[jobId] = record.Job;
                break;
        }
    }

    private void DropOldKeys()
    {
        for (var now = time.GetUtcNow(); byTime.TryPeek(out var oldest) && !IsRemembered(oldest.Time, now); byTime.Dequeue())
            if (published.TryGetValue(oldest.JobId, out var at) && at == oldest.Time)
                published.Remove(oldest.JobId);
    }

    private bool IsRemembered(DateTimeOffset publishedAt, DateTimeOffset now) => now - publishedAt < rememberFor;

    private static string Name(LedgerJob? job) => job is null ? "not known" : job.Phase.ToString();
}
