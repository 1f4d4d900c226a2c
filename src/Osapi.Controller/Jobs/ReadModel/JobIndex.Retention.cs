using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <content>What it knows of jobs that are to go, and of those that are gone.</content>
internal sealed partial class JobIndex
{
    /// <summary>Jobs that are over and have not changed since a time, the oldest first.</summary>
    public IReadOnlyList<JobId> OverBefore(DateTimeOffset time, int limit) => Ids(
        "SELECT id FROM job WHERE updated < $time AND status > $processing ORDER BY updated LIMIT $limit",
        ("$time", time.ToUnixTimeMilliseconds()), ("$processing", (int)Osapi.Operations.Jobs.JobStatus.Processing), ("$limit", limit));

    /// <summary>The oldest jobs that are over and that there are too many of, when only so many are kept.</summary>
    public IReadOnlyList<JobId> OverBeyond(int kept, int limit)
    {
        const string Over = "FROM job WHERE status > $processing";
        lock (gate)
        {
            var excess = (long)file.Scalar($"SELECT count(*) {Over}", ("$processing", (int)Osapi.Operations.Jobs.JobStatus.Processing))! - kept;
            return excess <= 0 ? [] : Ids($"SELECT id {Over} ORDER BY seq LIMIT $limit", ("$processing", (int)Osapi.Operations.Jobs.JobStatus.Processing), ("$limit", Math.Min(excess, limit)));
        }
    }

    /// <summary>What is left of deleted jobs whose deletion was begun before a time and was not done.</summary>
    public IReadOnlyList<JobRecord> BuriedInPart(DateTimeOffset before) => Tombstones("time < $time AND done = 0", before);

    /// <summary>What is left of jobs that were deleted before a time.</summary>
    public IReadOnlyList<JobRecord> BuriedBefore(DateTimeOffset time) => Tombstones("time < $time AND done = 1", time);

    private IReadOnlyList<JobRecord> Tombstones(string condition, DateTimeOffset time)
    {
        lock (gate)
        {
            using var command = file.Command($"SELECT record FROM tombstone WHERE {condition} ORDER BY seq LIMIT 1000", ("$time", time.ToUnixTimeMilliseconds()));
            using var reader = command.ExecuteReader();
            List<JobRecord> records = [];
            while (reader.Read())
                records.Add(Record(reader));
            return records;
        }
    }

    private IReadOnlyList<JobId> Ids(string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        lock (gate)
        {
            using var command = file.Command(text, parameters);
            using var reader = command.ExecuteReader();
            List<JobId> ids = [];
            while (reader.Read())
                ids.Add(JobId.Parse(reader.GetString(0)));
            return ids;
        }
    }
}
