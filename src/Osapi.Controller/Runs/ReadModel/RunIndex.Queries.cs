using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs.ReadModel;

/// <content>The queries for runs.</content>
internal sealed partial class RunIndex
{
    /// <summary>Finds a run; null when there is none.</summary>
    public JournalState? Find(RunId id) => Locked(() => FindCore(id));

    /// <summary>Gets the caller that wants the run to be cancelled; null when nobody does.</summary>
    public string? WishOf(RunId id) => Locked(() => file.Scalar("SELECT wish FROM run WHERE id = $id", ("$id", id)) as string);

    /// <summary>Counts the cells of a run by status.</summary>
    public IReadOnlyDictionary<string, int> CellsOf(JournalState run) => Locked(() =>
        file.Rows("SELECT status, count(*) FROM cell WHERE run = $run GROUP BY status ORDER BY status", row => (row.GetString(0), row.GetInt32(1)), ("$run", run.Start)).ToDictionary());

    /// <summary>Gets a page of runs, newest first: for a status of those that have not ended, all of them.</summary>
    public IReadOnlyList<JournalState> List(ListRuns request, int limit)
    {
        List<string> conditions = [];
        List<(string Name, object? Value)> values = [("$limit", limit)];
        Add("status = $status", "$status", request.Status is RunStatus.Running or RunStatus.Interrupted or RunStatus.Waiting ? 0 : (int?)request.Status);
        Add("seq < $cursor", "$cursor", request.Cursor);
        Add("plan = $plan", "$plan", request.Plan);
        Add("caller = $caller", "$caller", request.Caller);
        Add("started >= $since", "$since", request.Since?.ToUnixTimeMilliseconds());
        Add("started < $until", "$until", request.Until?.ToUnixTimeMilliseconds());
        var where = conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", conditions);
        return Locked(() => file.Rows($"SELECT state FROM run {where} ORDER BY seq DESC LIMIT $limit", row => StateOf(row.GetFieldValue<byte[]>(0)), [.. values]));

        void Add(string condition, string name, object? value)
        {
            if (value is null)
                return;
            conditions.Add(condition);
            values.Add((name, value));
        }
    }

    /// <summary>Gets the runs that have not ended.</summary>
    public IReadOnlyList<JournalState> Unfinished() => Locked(() => file.Rows("SELECT state FROM run WHERE status = 0", row => StateOf(row.GetFieldValue<byte[]>(0))));

    /// <summary>Gets the runs without a message since a time.</summary>
    public IReadOnlyList<JournalState> UnchangedSince(DateTimeOffset since) => Locked(() =>
        file.Rows("SELECT state FROM run WHERE updated < $time ORDER BY seq", row => StateOf(row.GetFieldValue<byte[]>(0)), ("$time", since.ToUnixTimeMilliseconds())));

    /// <summary>Gets the tombstones that are older than a time.</summary>
    public IReadOnlyList<long> TombstonesBefore(DateTimeOffset time) => Locked(() =>
        file.Rows("SELECT seq FROM tombstone WHERE time < $time ORDER BY seq", row => row.GetInt64(0), ("$time", time.ToUnixTimeMilliseconds())));

    /// <summary>Gets the content before a time of runs that do not exist.</summary>
    public IReadOnlyList<RunId> OrphanedContent(DateTimeOffset before) => Ids("SELECT DISTINCT run FROM content WHERE time < $time AND run NOT IN (SELECT id FROM run)", before);

    /// <summary>Removes content that was removed from the log.</summary>
    public void ForgetContent(RunId run) => Locked(() => file.Execute("DELETE FROM content WHERE run = $run", ("$run", run)));

    /// <summary>Gets the places of the sealed inputs of runs that controllers run.</summary>
    public IReadOnlyList<(RunId Run, long Sequence, DateTimeOffset Time)> Inputs() => Locked(() =>
        file.Rows("SELECT run, seq, time FROM input ORDER BY seq", row => ((RunId)row.GetString(0), row.GetInt64(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)))));

    /// <summary>Removes the places of inputs that were removed from the log.</summary>
    public void ForgetInputs(RunId run, long before) => Locked(() => file.Execute("DELETE FROM input WHERE run = $run AND seq < $before", ("$run", run), ("$before", before)));

    /// <summary>Gets the messages about forgotten steps that no remaining run is older than.</summary>
    public IReadOnlyList<long> UselessForgets() => Locked(() =>
        file.Rows("SELECT seq FROM forgotten WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.plan = forgotten.plan AND run.seq < forgotten.seq)", row => row.GetInt64(0)));

    /// <summary>Removes messages about forgotten steps that were removed from the log.</summary>
    public void RemoveForgets(IReadOnlyList<long> sequences) => Remove("forgotten", sequences);

    /// <summary>Reads the tasks, the files and the values of a run; null when a part of them is not there.</summary>
    public RunContent? ContentOf(JournalState run) => ContentPart.Join(Locked(() => file.Rows(
        "SELECT data FROM content WHERE run = $run AND key = $key ORDER BY number", row => row.GetFieldValue<byte[]>(0), ("$run", run.Id), ("$key", run.Head.Content))));

    private IReadOnlyList<RunId> Ids(string text, DateTimeOffset time) =>
        Locked(() => file.Rows(text, row => (RunId)row.GetString(0), ("$time", time.ToUnixTimeMilliseconds())));
}
