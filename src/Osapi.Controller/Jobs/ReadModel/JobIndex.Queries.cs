using Microsoft.Data.Sqlite;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <content>The queries for jobs.</content>
internal sealed partial class JobIndex
{
    /// <summary>Finds a job with all its states; null when there is none.</summary>
    public IndexedJob? Find(JobId id)
    {
        lock (gate)
        {
            using var command = file.Command("SELECT record, updated, seq FROM job WHERE id = $id", ("$id", id));
            using var reader = command.ExecuteReader();
            return reader.Read() ? WithHistory(reader) : null;
        }
    }

    /// <summary>Checks that there is such a job.</summary>
    public bool Has(JobId id)
    {
        lock (gate)
            return file.Scalar("SELECT 1 FROM job WHERE id = $id", ("$id", id)) is not null;
    }

    /// <summary>Gets the ids of the jobs that retry this one, oldest first.</summary>
    public IReadOnlyList<JobId> RetriesOf(JobId id) => Ids("SELECT id FROM job WHERE retry_of = $id ORDER BY seq", ("$id", id));

    /// <summary>
    /// Gets a page of jobs, newest first: those after a cursor, which is the sequence of the last job of the previous
    /// page.
    /// </summary>
    public IReadOnlyList<ListedJob> List(JobFilter filter, int limit, int offset, long? cursor)
    {
        lock (gate)
        {
            using var command = file.Command(
                $"SELECT head, updated, seq, status FROM job {filter.Where(cursor is null ? null : "seq < $cursor")} ORDER BY seq DESC LIMIT $limit OFFSET $offset",
                filter.Parameters(("$cursor", cursor), ("$limit", limit), ("$offset", offset)));
            using var reader = command.ExecuteReader();
            List<ListedJob> jobs = [];
            while (reader.Read())
                jobs.Add(new(Record(reader), Time(reader.GetInt64(1)), reader.GetInt64(2), (Osapi.Operations.Jobs.JobStatus)reader.GetInt32(3)));
            return jobs;
        }
    }

    /// <summary>Counts the jobs that match a filter.</summary>
    public long Count(JobFilter filter)
    {
        lock (gate)
            return (long)file.Scalar($"SELECT count(*) FROM job {filter.Where()}", filter.Parameters())!;
    }

    /// <summary>Gets every unfinished job.</summary>
    public IReadOnlyList<IndexedJob> Unfinished()
    {
        lock (gate)
        {
            using var command = file.Command("SELECT record, updated, seq FROM job WHERE status <= $processing ORDER BY seq", ("$processing", (int)Osapi.Operations.Jobs.JobStatus.Processing));
            using var reader = command.ExecuteReader();
            List<IndexedJob> jobs = [];
            while (reader.Read())
                jobs.Add(WithHistory(reader));
            return jobs;
        }
    }

    /// <summary>Counts the jobs per status.</summary>
    public IReadOnlyDictionary<Osapi.Operations.Jobs.JobStatus, long> Counts()
    {
        lock (gate)
        {
            using var command = file.Command("SELECT status, count(*) FROM job GROUP BY status");
            using var reader = command.ExecuteReader();
            var counts = Enum.GetValues<JobStatus>().ToDictionary(phase => phase, _ => 0L);
            while (reader.Read())
                counts[(Osapi.Operations.Jobs.JobStatus)reader.GetInt32(0)] = reader.GetInt64(1);
            return counts;
        }
    }

    private IndexedJob WithHistory(SqliteDataReader row)
    {
        var record = Record(row);
        using var command = file.Command("SELECT executor, seq, time, event FROM state WHERE job = $job ORDER BY seq", ("$job", record.Id));
        using var reader = command.ExecuteReader();
        List<KeyValuePair<string, ExecutorState>> history = [];
        while (reader.Read())
            history.Add(new(reader.GetString(0), new(JobJson.Event(reader.GetFieldValue<byte[]>(3)), reader.GetInt64(1), Time(reader.GetInt64(2)))));
        return new(record, row.GetInt64(2), Time(row.GetInt64(1)), history);
    }

    private static JobRecord Record(SqliteDataReader row) => JobJson.Record(row.GetFieldValue<byte[]>(0));

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}

/// <summary>A job in a list: without its request and its states, which may be large.</summary>
/// <param name="Record">The job without its request.</param>
/// <param name="Updated">The time at which its newest message was appended.</param>
/// <param name="Sequence">The sequence of its record.</param>
/// <param name="Phase">The status.</param>
internal sealed record ListedJob(JobRecord Record, DateTimeOffset Updated, long Sequence, Osapi.Operations.Jobs.JobStatus Phase);

/// <summary>A job of the read model.</summary>
/// <param name="Record">The job.</param>
/// <param name="Sequence">The sequence of its record.</param>
/// <param name="Updated">The time at which its newest message was appended.</param>
/// <param name="History">The states of all executors, in order.</param>
internal sealed record IndexedJob(JobRecord Record, long Sequence, DateTimeOffset Updated, IReadOnlyList<KeyValuePair<string, ExecutorState>> History)
{
    /// <summary>The newest state of each executor that has one.</summary>
    public IReadOnlyDictionary<string, ExecutorState> States { get; } =
        History.GroupBy(entry => entry.Key).ToDictionary(group => group.Key, group => group.Last().Value);
}
