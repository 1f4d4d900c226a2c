using Microsoft.Data.Sqlite;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <content>The queries for jobs.</content>
internal sealed partial class JobIndex
{
    /// <summary>Finds a job with all its states; null when there is none.</summary>
    public IndexedJob? Find(JobId id) => Read(() =>
    {
        using var rows = reader.Query("SELECT record, updated, seq FROM job WHERE id = $id", ("$id", id));
        return rows.Read() ? WithHistory(rows) : null;
    });

    /// <summary>Checks that there is such a job.</summary>
    public bool Has(JobId id) => Read(() => reader.FastScalar("SELECT 1 FROM job WHERE id = $id", ("$id", id)) is not null);

    /// <summary>Gets the ids of the jobs that retry this one, oldest first.</summary>
    public IReadOnlyList<JobId> RetriesOf(JobId id) => Ids("SELECT id FROM job WHERE retry_of = $id ORDER BY seq", ("$id", id));

    /// <summary>
    /// Gets a page of jobs, newest first: those after a cursor, which is the sequence of the last job of the previous
    /// page.
    /// </summary>
    public IReadOnlyList<ListedJob> List(JobFilter filter, int limit, int offset, long? cursor) => Read(() =>
    {
        using var rows = reader.Query(
            $"SELECT head, updated, seq, status FROM job {filter.Where(cursor is null ? null : "seq < $cursor")} ORDER BY seq DESC LIMIT $limit OFFSET $offset",
            filter.Parameters(("$cursor", cursor), ("$limit", limit), ("$offset", offset)));
        List<ListedJob> jobs = [];
        while (rows.Read())
            jobs.Add(new(Record(rows), Time(rows.GetInt64(1)), rows.GetInt64(2), (JobStatus)rows.GetInt32(3)));
        return jobs;
    });

    /// <summary>Counts the jobs that match a filter.</summary>
    public long Count(JobFilter filter) => Read(() => (long)reader.Scalar($"SELECT count(*) FROM job {filter.Where()}", filter.Parameters())!);

    /// <summary>Gets every unfinished job.</summary>
    public IReadOnlyList<IndexedJob> Unfinished() => Read(() =>
    {
        using var rows = reader.Query("SELECT record, updated, seq FROM job WHERE status <= $processing ORDER BY seq", ("$processing", (int)JobStatus.Processing));
        List<IndexedJob> jobs = [];
        while (rows.Read())
            jobs.Add(WithHistory(rows));
        return jobs;
    });

    /// <summary>Counts the jobs per status.</summary>
    public IReadOnlyDictionary<JobStatus, long> Counts() => Read(() =>
    {
        using var rows = reader.Query("SELECT status, count(*) FROM job GROUP BY status");
        var counts = Enum.GetValues<JobStatus>().ToDictionary(phase => phase, _ => 0L);
        while (rows.Read())
            counts[(JobStatus)rows.GetInt32(0)] = rows.GetInt64(1);
        return counts;
    });

    private IndexedJob WithHistory(SqliteDataReader row)
    {
        var record = Record(row);
        using var rows = reader.Query("SELECT executor, seq, time, event FROM state WHERE job = $job ORDER BY seq", ("$job", record.Id));
        List<KeyValuePair<string, ExecutorState>> history = [];
        while (rows.Read())
            history.Add(new(rows.GetString(0), new(JobJson.Event(rows.GetFieldValue<byte[]>(3)), rows.GetInt64(1), Time(rows.GetInt64(2)))));
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
internal sealed record ListedJob(JobRecord Record, DateTimeOffset Updated, long Sequence, JobStatus Phase);

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
