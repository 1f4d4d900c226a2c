using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Runs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <content>The queries for retention and deletions.</content>
internal sealed partial class JobIndex
{
    private const string NotOfRuns = "(run IS NULL OR run NOT IN (SELECT value FROM json_each($runs)))";

    /// <summary>Gets the finished jobs that have not changed since a time, the oldest first.</summary>
    /// <param name="time">The time.</param>
    /// <param name="kept">The runs whose jobs are kept.</param>
    /// <param name="limit">The maximum number.</param>
    public IReadOnlyList<JobId> FinishedBefore(DateTimeOffset time, IReadOnlyList<RunId> kept, int limit) => Ids(
        $"SELECT id FROM job WHERE updated < $time AND status > $processing AND {NotOfRuns} ORDER BY updated LIMIT $limit",
        ("$time", time.ToUnixTimeMilliseconds()), ("$processing", (int)JobStatus.Processing), ("$runs", List(kept)), ("$limit", limit));

    /// <summary>Gets the oldest finished jobs beyond the number that is kept.</summary>
    /// <param name="maxCount">The number.</param>
    /// <param name="kept">The runs whose jobs are kept, and do not count.</param>
    /// <param name="limit">The maximum number.</param>
    public IReadOnlyList<JobId> FinishedBeyond(int maxCount, IReadOnlyList<RunId> kept, int limit)
    {
        const string Over = $"FROM job WHERE status > $processing AND {NotOfRuns}";
        lock (reading)
        {
            var excess = (long)reader.Scalar($"SELECT count(*) {Over}", ("$processing", (int)JobStatus.Processing), ("$runs", List(kept)))! - maxCount;
            return excess <= 0 ? [] : Ids($"SELECT id {Over} ORDER BY seq LIMIT $limit", ("$processing", (int)JobStatus.Processing), ("$runs", List(kept)), ("$limit", Math.Min(excess, limit)));
        }
    }

    /// <summary>Removes what was deleted from the write-ahead log as well, unless a reader is in the way.</summary>
    public void Truncate()
    {
        lock (writing)
            file.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <summary>Gets the tombstones of deletions that were begun before a time and are not complete.</summary>
    public IReadOnlyList<JobRecord> IncompleteDeletions(DateTimeOffset before) => Tombstones("time < $time AND done = 0", before);

    /// <summary>Gets the tombstones of jobs that were deleted before a time.</summary>
    public IReadOnlyList<JobRecord> DeletedBefore(DateTimeOffset time) => Tombstones("time < $time AND done = 1", time);

    // An id is letters, digits and hyphens.
    private static string List(IReadOnlyList<RunId> runs) => $"[{string.Join(',', runs.Select(run => $"\"{run}\""))}]";

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
