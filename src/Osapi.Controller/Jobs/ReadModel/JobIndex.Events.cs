using Microsoft.Data.Sqlite;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <content>The queries for events.</content>
internal sealed partial class JobIndex
{
    // A head may have the names of many hosts, and an error.
    private const int Page = 64;
    private const int PageOfReplies = 16;

    private const string OfJobs = """
        SELECT seq, id AS job, NULL AS executor, created AS time, status, NULL AS event, head FROM job WHERE seq > $after
        """;

    private const string OfStates = """
        SELECT state.seq, state.job, state.executor, state.time, state.status, state.head, job.head FROM state JOIN job ON job.id = state.job WHERE state.seq > $after
        """;

    // With the results of the hosts.
    private const string OfWholeStates = """
        SELECT state.seq, state.job, state.executor, state.time, state.status, state.event, job.head FROM state JOIN job ON job.id = state.job WHERE state.seq > $after
        """;

    private const string OfTombstones = """
        SELECT seq, job, NULL, time, NULL, NULL, record FROM tombstone WHERE seq > $after
        """;

    private const string InOrder = "ORDER BY seq LIMIT $page";

    /// <summary>Gets the next changes of all jobs after a sequence; empty when there are none yet.</summary>
    public IReadOnlyList<JobUpdate> Updates(long after) =>
        Updates($"{OfJobs} UNION ALL {OfStates} UNION ALL {OfTombstones} {InOrder}", withReplies: false, ("$after", after), ("$page", Page));

    /// <summary>Gets the next changes of one job after a sequence; empty when there are none yet.</summary>
    /// <param name="id">The job.</param>
    /// <param name="after">The sequence.</param>
    /// <param name="withReplies">True to include the replies of hosts that have ended, unless they are stored as objects.</param>
    public IReadOnlyList<JobUpdate> Updates(JobId id, long after, bool withReplies = false) => Updates(
        $"{OfJobs} AND id = $id UNION ALL {(withReplies ? OfWholeStates : OfStates)} AND state.job = $id UNION ALL {OfTombstones} AND job = $id {InOrder}",
        withReplies,
        ("$after", after), ("$id", id), ("$page", withReplies ? PageOfReplies : Page));

    private List<JobUpdate> Updates(string text, bool withReplies, params (string Name, object? Value)[] parameters) => Read(() =>
    {
        using var rows = reader.Query(text, parameters);
        List<JobUpdate> updates = [];
        while (rows.Read())
            updates.AddRange(UpdatesOf(rows, withReplies));
        return updates;
    });

    // Two with the same sequence for an end that is the start as well.
    private static IEnumerable<JobUpdate> UpdatesOf(SqliteDataReader row, bool withReplies)
    {
        var record = JobJson.Record(row.GetFieldValue<byte[]>(6));
        var (sequence, time) = (row.GetInt64(0), Time(row.GetInt64(3)));
        if (record.Deletion is not null)
            return [new() { Sequence = sequence, JobId = record.Id, Timestamp = time, Event = "deleted", Message = "Deleted" }];
        if (row.IsDBNull(2))
            return [Of(record, sequence, JobTimeline.Submission(record), record.Executors.Any() ? JobStatus.Submitted : JobStatus.Completed)];
        ExecutorState state = new(JobJson.Event(row.GetFieldValue<byte[]>(5)), sequence, time);
        var update = Update(record, row, state, withReplies);
        return state.Event.Starts ? [Of(record, sequence, JobTimeline.Event(record, row.GetString(2), JobTimeline.StartOf(state)), JobStatus.Processing), update] : [update];
    }

    private static JobUpdate Update(JobRecord record, SqliteDataReader row, ExecutorState state, bool withReplies) =>
        Of(record, state.Sequence, JobTimeline.Event(record, row.GetString(2), state), (JobStatus)row.GetInt32(4)) with
        {
            Outcome = state.Event.Kind == JobEventKind.Start ? null : JobStatusRules.OutcomeOf(state.Event),
            Error = state.Event.Entry is { } entry ? HostReply.Read(entry).Error : null,
            Reply = withReplies && state.Event is not { Kind: JobEventKind.Start } and { ObjectName: null, Output: null } ? JobStatusRules.EntryOf(record, row.GetString(2), state.Event) : null,
        };

    private static JobUpdate Of(JobRecord record, long sequence, TimelineEvent timelineEvent, JobStatus phase) => new()
    {
        Sequence = sequence,
        JobId = record.Id,
        Timestamp = timelineEvent.Timestamp,
        Event = timelineEvent.Event,
        Hostname = timelineEvent.Hostname,
        Message = timelineEvent.Message,
        Status = phase,
    };
}
