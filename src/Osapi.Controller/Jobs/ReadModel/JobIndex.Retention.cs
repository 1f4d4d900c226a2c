using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <content>The queries for retention and deletions.</content>
internal sealed partial class JobIndex
{
    /// <summary>Gets the finished jobs that have not changed since a time, the oldest first.</summary>
    public IReadOnlyList<JobId> FinishedBefore(DateTimeOffset time, int limit) => Ids(
        "SELECT id FROM job WHERE updated < $time AND status > $processing ORDER BY updated LIMIT $limit",
        ("$time", time.ToUnixTimeMilliseconds()), ("$processing", (int)JobStatus.Processing), ("$limit", limit));

    /// <summary>Gets the oldest finished jobs beyond the number that is kept.</summary>
    public IReadOnlyList<JobId> FinishedBeyond(int maxCount, int limit)
    {
        const string Over = "FROM job WHERE status > $processing";
        lock (reading)
        {
            var excess = (long)reader.Scalar($"SELECT count(*) {Over}", ("$processing", (int)JobStatus.Processing))! - maxCount;
            return excess <= 0 ? [] : Ids($"SELECT id {Over} ORDER BY seq LIMIT $limit", ("$processing", (int)JobStatus.Processing), ("$limit", Math.Min(excess, limit)));
        }
    }

    /// <summary>Gets the tombstones of deletions that were begun before a time and are not complete.</summary>
    public IReadOnlyList<JobRecord> IncompleteDeletions(DateTimeOffset before) => Tombstones("time < $time AND done = 0", before);

    /// <summary>Gets the tombstones of jobs that were deleted before a time.</summary>
    public IReadOnlyList<JobRecord> DeletedBefore(DateTimeOffset time) => Tombstones("time < $time AND done = 1", time);

    private IReadOnlyList<JobRecord> Tombstones(string condition, DateTimeOffset time) => Read(() =>
    {
        using var rows = reader.Query($"SELECT record FROM tombstone WHERE {condition} ORDER BY seq LIMIT 1000", ("$time", time.ToUnixTimeMilliseconds()));
        List<JobRecord> records = [];
        while (rows.Read())
            records.Add(Record(rows));
        return records;
    });

    private IReadOnlyList<JobId> Ids(string text, params (string Name, object? Value)[] parameters) => Read(() =>
    {
        using var rows = reader.Query(text, parameters);
        List<JobId> ids = [];
        while (rows.Read())
            ids.Add(JobId.Parse(rows.GetString(0)));
        return ids;
    });
}
