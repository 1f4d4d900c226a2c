using Microsoft.Data.Sqlite;
using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Operations.Jobs;
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
    private readonly Lock writing = new();
    // A second connection, so that no query waits for a commit.
    private readonly Lock reading = new();
    private JobIndexFile file;
    private JobIndexFile reader;
    private bool isRenamed;
    private volatile SqliteException? damage;

    private JobIndex(string path)
    {
        this.path = path;
        (file, reader) = OpenBoth(path);
    }

    /// <exception cref="IOException">The file cannot be opened or created.</exception>
    public static JobIndex Open(string path)
    {
        try
        {
            return new(path);
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
        lock (writing)
            lock (reading)
            {
                Close();
                if (!isRenamed)
                    JobIndexFile.RenameDamaged(path);
                isRenamed = true;
                (file, reader) = OpenBoth(path);
                isRenamed = false;
                damage = null;
                return path + JobIndexFile.DamagedSuffix;
            }
    }

    /// <summary>
    /// Gets the sequence up to which this log was read. For another log everything is deleted and it is 0; so it is for
    /// a log that ends before the position, because it was restored from an older copy.
    /// </summary>
    public long Position(StreamState log)
    {
        lock (writing)
        {
            if (Read("created") == log.Created.UtcTicks && Read("position") is { } position && position <= log.LastSequence)
                return position;
            file.Commit(() =>
            {
                file.Execute("DELETE FROM job; DELETE FROM host; DELETE FROM state; DELETE FROM tombstone; DELETE FROM meta");
                file.Execute("INSERT INTO meta VALUES ('created', $created), ('position', 0)", ("$created", log.Created.UtcTicks));
            });
            return 0;
        }
    }

    /// <summary>Moves the position back, and gets it.</summary>
    public long Rewind(long position)
    {
        lock (writing)
        {
            file.Commit(() => file.Execute("UPDATE meta SET value = min(value, $position) WHERE key = 'position'", ("$position", position)));
            return Read("position") ?? 0;
        }
    }

    /// <summary>True when <see cref="Position"/> would delete nothing that is known for this log.</summary>
    public bool IsContinuedBy(StreamState log)
    {
        lock (writing)
            return Read("position") is null or 0 || (Read("created") == log.Created.UtcTicks && Read("position") <= log.LastSequence);
    }

    /// <summary>Throws what a query has found: the writer has its pages in memory, and may never find it.</summary>
    /// <exception cref="SqliteException">The file is damaged.</exception>
    public void ThrowIfDamaged()
    {
        if (damage is { } found)
            throw new SqliteException(found.Message, found.SqliteErrorCode, found.SqliteExtendedErrorCode);
    }

    /// <summary>Applies messages of the log, in one commit.</summary>
    /// <param name="messages">The messages in order, each with the status of its job after it.</param>
    /// <param name="touched">The changed jobs that still exist, in their state after the messages or a later one.</param>
    public void Apply(IReadOnlyList<AppliedMessage> messages, IReadOnlyCollection<ActiveJob> touched)
    {
        lock (writing)
            file.Commit(() =>
            {
                foreach (var message in messages)
                    Apply(message);
                foreach (var job in touched)
                    file.FastExecute(
                        "UPDATE job SET status = $status, updated = $updated WHERE id = $id AND (status <> $status OR updated <> $updated)",
                        ("$status", (int)job.Phase), ("$updated", job.Updated.ToUnixTimeMilliseconds()), ("$id", job.Record.Id));
                file.FastExecute("UPDATE meta SET value = $position WHERE key = 'position'", ("$position", messages[^1].Sequence));
            });
    }

    /// <summary>Removes jobs that the log does not have any more, in one commit.</summary>
    public void Forget(IReadOnlyList<JobId> ids)
    {
        lock (writing)
            file.Commit(() =>
            {
                foreach (var id in ids)
                    Remove(id);
            });
    }

    /// <summary>Removes tombstones that were removed from the log, in one commit.</summary>
    public void ForgetTombstones(IReadOnlyList<JobId> ids)
    {
        lock (writing)
            file.Commit(() =>
            {
                foreach (var id in ids)
                    file.Execute("DELETE FROM tombstone WHERE job = $id", ("$id", id));
            });
    }

    public void Dispose()
    {
        lock (writing)
            lock (reading)
                Close();
    }

    private static (JobIndexFile Writer, JobIndexFile Reader) OpenBoth(string path)
    {
        var writer = JobIndexFile.Open(path);
        try
        {
            return (writer, JobIndexFile.OpenAgain(path));
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private T Read<T>(Func<T> query)
    {
        lock (reading)
            try
            {
                return query();
            }
            catch (SqliteException failure) when (JobIndexHealth.IsDamage(failure))
            {
                damage = failure;
                throw;
            }
    }

    private void Close()
    {
        reader.Dispose();
        file.Dispose();
    }

    private long? Read(string key) => (long?)file.Scalar("SELECT value FROM meta WHERE key = $key", ("$key", key));

    private void Apply(AppliedMessage applied)
    {
        var logged = applied.Entry;
        if (logged.Record is { Deletion: { } deletion } left)
            InsertTombstone(left, deletion, logged.Message);
        else if (logged.Record is { } record)
            Insert(record, logged.Message, applied.Job);
        else if (logged is { Executor: { } executor, State.Event: { } state })
            Insert(logged, executor, state, applied.Status);
    }

    // A job that has changed since is inserted in its newest state, because an update would write its indexes again.
    private void Insert(JobRecord record, Message message, ActiveJob? job)
    {
        file.FastExecute(
            "INSERT OR REPLACE INTO job VALUES ($seq, $id, $created, $updated, $status, $operation, $target, $caller, $retry, $run, $head, $record)",
            ("$id", record.Id), ("$seq", message.Sequence), ("$created", record.Created.ToUnixTimeMilliseconds()), ("$updated", (job?.Updated ?? record.Created).ToUnixTimeMilliseconds()),
            ("$status", (int)(job?.Phase ?? JobStatus.Submitted)), ("$operation", record.Operation), ("$target", record.Target), ("$caller", record.Caller),
            ("$retry", record.RetryOf), ("$run", record.Run?.Value), ("$head", JobHead.Of(record)), ("$record", message.Payload.ToArray()));
        foreach (var host in record.Hosts.Concat(record.Skipped.Select(skipped => skipped.Hostname)))
            file.FastExecute("INSERT OR IGNORE INTO host VALUES ($host, $seq)", ("$host", HostKey.Of(host)), ("$seq", message.Sequence));
    }

    private void Insert(JobLogEntry logged, string executor, JobEvent state, JobStatus phase)
    {
        // Messages of a job that does not exist any more are not stored.
        if (file.FastScalar("SELECT seq FROM job WHERE id = $job", ("$job", logged.JobId)) is not long job)
            return;
        file.FastExecute(
            "INSERT OR REPLACE INTO state VALUES ($seq, $job, $executor, $time, $status, $head, $event)",
            ("$seq", logged.Message.Sequence), ("$job", logged.JobId), ("$executor", executor), ("$time", logged.Message.Time.ToUnixTimeMilliseconds()),
            ("$status", (int)phase), ("$head", JobHead.Of(state)), ("$event", logged.Message.Payload.ToArray()));
        if (executor == HostKey.Any && state.Host is { } host)
            file.FastExecute("INSERT OR IGNORE INTO host VALUES ($host, $seq)", ("$host", HostKey.Of(host)), ("$seq", job));
    }

    private void InsertTombstone(JobRecord left, Deletion deletion, Message message)
    {
        // After the first of its tombstones nothing is left of a job.
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
