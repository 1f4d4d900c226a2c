using Microsoft.Data.Sqlite;
using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>The read model: jobs by id, status, time and more, in SQLite.</summary>
/// <remarks>
/// It is a copy of the log for queries, and is rebuilt from the log when it is lost; so it is written without waiting
/// for the disk.
/// </remarks>
internal sealed partial class JobIndex : IDisposable
{
    private readonly string path;
    private readonly Lock gate = new();
    private JobIndexFile file;
    private bool isRenamed;

    private JobIndex(string path, JobIndexFile file)
    {
        this.path = path;
        this.file = file;
    }

    /// <exception cref="IOException">The file cannot be opened or created.</exception>
    public static JobIndex Open(string path)
    {
        try
        {
            return new(path, JobIndexFile.Open(path));
        }
        catch (SqliteException failure)
        {
            throw new IOException($"{JobIndexHealth.Describe(failure)} ({path})", failure);
        }
    }

    /// <summary>
    /// Renames the damaged file, and starts an empty one. It may be retried after a failure; until then no query works.
    /// </summary>
    /// <returns>The path of the damaged file.</returns>
    public string Renew()
    {
        lock (gate)
        {
            file.Dispose();
            if (!isRenamed)
                JobIndexFile.RenameDamaged(path);
            isRenamed = true;
            file = JobIndexFile.Open(path);
            isRenamed = false;
            return path + JobIndexFile.DamagedSuffix;
        }
    }

    /// <summary>
    /// Gets the sequence up to which this log was read. For another log everything is deleted and it is 0; so it is for
    /// a log that ends before the position, because it was restored from an older copy.
    /// </summary>
    public long Position(StreamState log)
    {
        lock (gate)
        {
            if (Read("created") == log.Created.UtcTicks && Read("position") is { } position && position <= log.LastSequence)
                return position;
            using var transaction = file.Begin();
            file.Execute("DELETE FROM job; DELETE FROM host; DELETE FROM state; DELETE FROM tombstone; DELETE FROM meta");
            file.Execute("INSERT INTO meta VALUES ('created', $created), ('position', 0)", ("$created", log.Created.UtcTicks));
            transaction.Commit();
            return 0;
        }
    }

    /// <summary>True when <see cref="Position"/> would delete nothing that is known for this log.</summary>
    public bool IsContinuedBy(StreamState log)
    {
        lock (gate)
            return Read("position") is null or 0 || (Read("created") == log.Created.UtcTicks && Read("position") <= log.LastSequence);
    }

    /// <summary>Applies a batch of the log, in one commit.</summary>
    /// <param name="messages">The batch: each message with the status of its job after it.</param>
    /// <param name="touched">The changed jobs that still exist, in their state after the batch.</param>
    public void Apply(IReadOnlyList<(JobLogEntry Message, Osapi.Operations.Jobs.JobStatus Phase)> messages, IReadOnlyCollection<ActiveJob> touched)
    {
        lock (gate)
        {
            using var transaction = file.Begin();
            foreach (var (message, phase) in messages)
                Apply(message, phase);
            foreach (var job in touched)
                file.Execute(
                    "UPDATE job SET status = $status, updated = $updated WHERE id = $id",
                    ("$status", (int)job.Phase), ("$updated", job.Updated.ToUnixTimeMilliseconds()), ("$id", job.Record.Id));
            file.Execute("UPDATE meta SET value = $position WHERE key = 'position'", ("$position", messages[^1].Message.Message.Sequence));
            transaction.Commit();
        }
    }

    /// <summary>Removes jobs that the log does not have any more, in one commit.</summary>
    public void Forget(IReadOnlyList<JobId> ids)
    {
        lock (gate)
        {
            using var transaction = file.Begin();
            foreach (var id in ids)
                Remove(id);
            transaction.Commit();
        }
    }

    /// <summary>Removes tombstones that were removed from the log, in one commit.</summary>
    public void ForgetTombstones(IReadOnlyList<JobId> ids)
    {
        lock (gate)
        {
            using var transaction = file.Begin();
            foreach (var id in ids)
                file.Execute("DELETE FROM tombstone WHERE job = $id", ("$id", id));
            transaction.Commit();
        }
    }

    public void Dispose()
    {
        lock (gate)
            file.Dispose();
    }

    private long? Read(string key) => (long?)file.Scalar("SELECT value FROM meta WHERE key = $key", ("$key", key));

    private void Apply(JobLogEntry logged, Osapi.Operations.Jobs.JobStatus phase)
    {
        if (logged.Record is { Deletion: { } deletion } left)
            InsertTombstone(left, deletion, logged.Message);
        else if (logged.Record is { } record)
            Insert(record, logged.Message);
        else if (logged is { Executor: { } executor, State.Event: { } state })
            Insert(logged, executor, state, phase);
    }

    private void Insert(JobRecord record, Message message)
    {
        var created = record.Created.ToUnixTimeMilliseconds();
        file.Execute(
            "INSERT OR REPLACE INTO job VALUES ($id, $seq, $created, $created, $status, $operation, $target, $caller, $retry, $head, $record)",
            ("$id", record.Id), ("$seq", message.Sequence), ("$created", created), ("$status", (int)Osapi.Operations.Jobs.JobStatus.Submitted), ("$operation", record.Operation),
            ("$target", record.Target), ("$caller", record.Caller), ("$retry", record.RetryOf), ("$head", JobHead.Of(record)), ("$record", message.Payload.ToArray()));
        foreach (var host in record.Hosts.Concat(record.Skipped.Select(skipped => skipped.Hostname)))
            file.Execute("INSERT OR IGNORE INTO host VALUES ($host, $seq)", ("$host", HostKey.Of(host)), ("$seq", message.Sequence));
    }

    private void Insert(JobLogEntry logged, string executor, JobEvent state, Osapi.Operations.Jobs.JobStatus phase)
    {
        // Messages of a job that does not exist any more are not stored.
        if (file.Scalar("SELECT seq FROM job WHERE id = $job", ("$job", logged.JobId)) is not long job)
            return;
        file.Execute(
            "INSERT OR REPLACE INTO state VALUES ($seq, $job, $executor, $time, $status, $head, $event)",
            ("$seq", logged.Message.Sequence), ("$job", logged.JobId), ("$executor", executor), ("$time", logged.Message.Time.ToUnixTimeMilliseconds()),
            ("$status", (int)phase), ("$head", JobHead.Of(state)), ("$event", logged.Message.Payload.ToArray()));
        if (executor == HostKey.Any && state.Host is { } host)
            file.Execute("INSERT OR IGNORE INTO host VALUES ($host, $seq)", ("$host", HostKey.Of(host)), ("$seq", job));
    }

    private void InsertTombstone(JobRecord left, Deletion deletion, Message message)
    {
        // After the first of its tombstones nothing is left of a job.
        if (Has(left.Id))
            Remove(left.Id);
        // The first tombstone has the time of the deletion; the second only records that it is complete.
        file.Execute(
            "INSERT INTO tombstone VALUES ($job, $seq, $time, $done, $record) ON CONFLICT (job) DO UPDATE SET done = max(done, $done)",
            ("$job", left.Id), ("$seq", message.Sequence), ("$time", message.Time.ToUnixTimeMilliseconds()), ("$done", deletion == Deletion.Done ? 1 : 0), ("$record", message.Payload.ToArray()));
    }

    private void Remove(JobId id)
    {
        file.Execute("DELETE FROM host WHERE seq = (SELECT seq FROM job WHERE id = $id)", ("$id", id));
        file.Execute("DELETE FROM state WHERE job = $id", ("$id", id));
        file.Execute("DELETE FROM job WHERE id = $id", ("$id", id));
    }
}
