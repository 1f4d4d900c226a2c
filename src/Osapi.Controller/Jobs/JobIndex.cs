using Osapi.Operations.Jobs;
using Osapi.Transport;

namespace Osapi.Controller.Jobs;

/// <summary>
/// The read model: jobs by id, status and time, in SQLite. It is a copy of the log that answers questions, and is
/// rebuilt from it when it is lost; so it is written without waiting for the disk.
/// </summary>
internal sealed partial class JobIndex : IDisposable
{
    private readonly JobIndexFile file;
    private readonly Lock gate = new();

    private JobIndex(JobIndexFile file) => this.file = file;

    public static JobIndex Open(string path) => new(JobIndexFile.Open(path));

    /// <summary>
    /// The sequence up to which the log was read, if it is this log; otherwise everything is forgotten and it is 0. A
    /// log that ends before the position was restored from an older copy.
    /// </summary>
    public long Position(StreamState log)
    {
        lock (gate)
        {
            if (file.Scalar("SELECT value FROM meta WHERE key = 'created'") is long created && created == log.Created.UtcTicks
                && file.Scalar("SELECT value FROM meta WHERE key = 'position'") is long position && position <= log.LastSequence)
                return position;
            using var transaction = file.Begin();
            file.Execute("DELETE FROM job; DELETE FROM state; DELETE FROM meta");
            file.Execute("INSERT INTO meta VALUES ('created', $created), ('position', 0)", ("$created", log.Created.UtcTicks));
            transaction.Commit();
            return 0;
        }
    }

    /// <summary>Takes in a stretch of the log, in one commit.</summary>
    /// <param name="messages">The stretch.</param>
    /// <param name="touched">The jobs that it is about, as they are after it.</param>
    public void Apply(IReadOnlyList<LoggedMessage> messages, IReadOnlyCollection<ActiveJob> touched)
    {
        lock (gate)
        {
            using var transaction = file.Begin();
            foreach (var message in messages)
                Insert(message);
            foreach (var job in touched)
                file.Execute(
                    "UPDATE job SET status = $status, updated = $updated WHERE id = $id",
                    ("$status", (int)job.Phase), ("$updated", job.Updated.ToUnixTimeMilliseconds()), ("$id", job.Record.Id));
            file.Execute("UPDATE meta SET value = $position WHERE key = 'position'", ("$position", messages[^1].Message.Sequence));
            transaction.Commit();
        }
    }

    /// <summary>Forgets the jobs that have not changed since a time, as the log does.</summary>
    public void Forget(DateTimeOffset before)
    {
        lock (gate)
        {
            using var transaction = file.Begin();
            file.Execute("DELETE FROM job WHERE updated < $before AND status > $processing", ("$before", before.ToUnixTimeMilliseconds()), ("$processing", (int)JobPhase.Processing));
            file.Execute("DELETE FROM state WHERE job NOT IN (SELECT id FROM job)");
            transaction.Commit();
        }
    }

    public void Dispose()
    {
        lock (gate)
            file.Dispose();
    }

    private void Insert(LoggedMessage logged)
    {
        var message = logged.Message;
        if (logged.Record is { } record)
            file.Execute(
                "INSERT OR REPLACE INTO job VALUES ($id, $seq, $created, $created, $status, $record)",
                ("$id", record.Id), ("$seq", message.Sequence), ("$created", record.Created.ToUnixTimeMilliseconds()),
                ("$status", (int)JobPhase.Submitted), ("$record", message.Payload.ToArray()));
        else if (logged.Executor is { } executor)
            file.Execute(
                "INSERT INTO state VALUES ($job, $executor, $seq, $time, $event)",
                ("$job", logged.JobId), ("$executor", executor), ("$seq", message.Sequence), ("$time", message.Time.ToUnixTimeMilliseconds()), ("$event", message.Payload.ToArray()));
    }
}
