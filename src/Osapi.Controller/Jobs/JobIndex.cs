using Microsoft.Data.Sqlite;
using Osapi.Operations.Jobs;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>
/// The read model: jobs by id, status and time, in SQLite. It is a copy of the log that answers questions, and is
/// rebuilt from it when it is lost; so it is written without waiting for the disk.
/// </summary>
internal sealed class JobIndex : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Lock gate = new();

    private JobIndex(SqliteConnection connection) => this.connection = connection;

    public static JobIndex Open(string path)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = JobIndexSchema.Text;
            command.ExecuteNonQuery();
        }

        return new(connection);
    }

    /// <summary>The sequence up to which the log was read, if it is the log that was created at this time; otherwise everything is forgotten and it is 0.</summary>
    public long Position(DateTimeOffset logCreated)
    {
        lock (gate)
        {
            var created = logCreated.ToUnixTimeMilliseconds();
            if (Scalar("SELECT value FROM meta WHERE key = 'created'") is long known && known == created)
                return Scalar("SELECT value FROM meta WHERE key = 'position'") as long? ?? 0;
            Execute("DELETE FROM job; DELETE FROM state; DELETE FROM meta");
            Execute("INSERT INTO meta VALUES ('created', $created), ('position', 0)", ("$created", created));
            return 0;
        }
    }

    /// <summary>Takes in a stretch of the log, in one commit.</summary>
    public void Apply(IReadOnlyList<Message> messages)
    {
        lock (gate)
        {
            using var transaction = connection.BeginTransaction();
            HashSet<string> touched = [];
            foreach (var message in messages)
                if (Subjects.ParseState(message.Subject) is var (jobId, executor))
                {
                    Execute(
                        "INSERT INTO state VALUES ($job, $executor, $seq, $time, $event)",
                        ("$job", jobId), ("$executor", executor), ("$seq", message.Sequence), ("$time", message.Time.ToUnixTimeMilliseconds()), ("$event", message.Payload.ToArray()));
                    touched.Add(jobId);
                }
                else if (JobJson.Record(message.Payload) is var record)
                {
                    Execute(
                        "INSERT OR REPLACE INTO job VALUES ($id, $seq, $created, $updated, $status, $record)",
                        ("$id", record.Id), ("$seq", message.Sequence), ("$created", record.Created.ToUnixTimeMilliseconds()), ("$updated", message.Time.ToUnixTimeMilliseconds()),
                        ("$status", (int)JobPhase.Submitted), ("$record", message.Payload.ToArray()));
                    touched.Add(record.Id);
                }

            foreach (var id in touched)
                if (Find(id) is { } job)
                    Execute(
                        "UPDATE job SET status = $status, updated = $updated WHERE id = $id",
                        ("$status", (int)JobStatus.Phase(job.Record, job.States)), ("$updated", job.Updated.ToUnixTimeMilliseconds()), ("$id", id));
            Execute("UPDATE meta SET value = $position WHERE key = 'position'", ("$position", messages[^1].Sequence));
            transaction.Commit();
        }
    }

    /// <summary>One job with all its states; null when there is none.</summary>
    public IndexedJob? Find(string id)
    {
        lock (gate)
        {
            using var command = Command("SELECT record, updated FROM job WHERE id = $id", ("$id", id));
            using var reader = command.ExecuteReader();
            return reader.Read() ? Read(reader) : null;
        }
    }

    /// <summary>A page of jobs, newest first.</summary>
    public IReadOnlyList<IndexedJob> List(JobPhase? status, int limit, int offset)
    {
        lock (gate)
        {
            using var command = Command(
                $"SELECT record, updated FROM job {(status is null ? "" : "WHERE status = $status")} ORDER BY seq DESC LIMIT $limit OFFSET $offset",
                ("$status", (int)(status ?? 0)), ("$limit", limit), ("$offset", offset));
            return ReadAll(command);
        }
    }

    /// <summary>Every job that is not over.</summary>
    public IReadOnlyList<IndexedJob> Unfinished()
    {
        lock (gate)
        {
            using var command = Command("SELECT record, updated FROM job WHERE status <= $processing ORDER BY seq", ("$processing", (int)JobPhase.Processing));
            return ReadAll(command);
        }
    }

    /// <summary>How many jobs have each status.</summary>
    public IReadOnlyDictionary<JobPhase, long> Counts()
    {
        lock (gate)
        {
            using var command = Command("SELECT status, count(*) FROM job GROUP BY status");
            using var reader = command.ExecuteReader();
            var counts = Enum.GetValues<JobPhase>().ToDictionary(phase => phase, _ => 0L);
            while (reader.Read())
                counts[(JobPhase)reader.GetInt32(0)] = reader.GetInt64(1);
            return counts;
        }
    }

    public void Dispose() => connection.Dispose();

    private List<IndexedJob> ReadAll(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        List<IndexedJob> jobs = [];
        while (reader.Read())
            jobs.Add(Read(reader));
        return jobs;
    }

    private IndexedJob Read(SqliteDataReader row)
    {
        var record = JobJson.Record((byte[])row["record"]);
        using var command = Command("SELECT executor, seq, time, event FROM state WHERE job = $job ORDER BY seq", ("$job", record.Id));
        using var reader = command.ExecuteReader();
        List<KeyValuePair<string, ExecutorState>> history = [];
        while (reader.Read())
            history.Add(new(reader.GetString(0), new(JobJson.Event((byte[])reader["event"]), reader.GetInt64(1), Time(reader.GetInt64(2)))));
        return new(record, Time((long)row["updated"]), history);
    }

    private object? Scalar(string text)
    {
        using var command = Command(text);
        return command.ExecuteScalar();
    }

    private void Execute(string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(text, parameters);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}

/// <summary>A job as the read model knows it.</summary>
/// <param name="Record">The job.</param>
/// <param name="Updated">When its newest message was appended.</param>
/// <param name="History">Every state of every executor, in order.</param>
internal sealed record IndexedJob(JobRecord Record, DateTimeOffset Updated, IReadOnlyList<KeyValuePair<string, ExecutorState>> History)
{
    /// <summary>The newest state of each executor that has one.</summary>
    public IReadOnlyDictionary<string, ExecutorState> States { get; } =
        History.GroupBy(entry => entry.Key).ToDictionary(group => group.Key, group => group.Last().Value);
}
