using Microsoft.Data.Sqlite;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs.ReadModel;

/// <content>The steps that are owed: for each run in the order of the log, minus what it took, plus what it says at its end.</content>
internal sealed partial class RunIndex
{
    private const string Columns = "plan, task, host, origin, operation, caller, since, taken_by, host_key";

    /// <summary>Gets the owed steps, by plan, task and host.</summary>
    /// <param name="plan">Only those of this plan; null for all.</param>
    public IReadOnlyList<OwedStep> Owed(string? plan) => Locked(() => file.Rows(
        $"SELECT {Columns} FROM owed {(plan is null ? "" : "WHERE plan = $plan")} ORDER BY plan, task, host, since", Step, ("$plan", plan)));

    /// <summary>Gets the steps that a run has said to owe and no other run has taken.</summary>
    public IReadOnlyList<OwedStep> OwedBy(RunId run) => Locked(() => file.Rows(
        $"SELECT {Columns} FROM owed WHERE reporter = $run AND taken_by IS NULL ORDER BY task, host, since", Step, ("$run", run)));

    /// <summary>Checks that steps are owed by a run, or were taken by it and are not settled.</summary>
    public bool OwesSince(RunId run, DateTimeOffset since) => Locked(() => file.Scalar(
        "SELECT 1 FROM owed WHERE (reporter = $run OR taken_by = $run) AND since >= $since LIMIT 1", ("$run", run), ("$since", since.ToUnixTimeMilliseconds())) is not null);

    /// <summary>Gets the steps that a run took over from earlier ones.</summary>
    public IReadOnlyList<OwedStep> TakenBy(RunId run) => Steps("taken", run);

    /// <summary>Gets the steps that are owed after a run.</summary>
    public IReadOnlyList<OwedStep> OwedAfter(RunId run) => Steps("owed", run);

    private IReadOnlyList<OwedStep> Steps(string column, RunId run) => Locked(() =>
        file.Scalar($"SELECT {column} FROM run WHERE id = $id", ("$id", run)) is byte[] steps && RunJson.Unpack(steps, RunJson.Stored.OwedList) is { } list ? list.Items : []);

    private void Take(JournalState run, RunMessage read, bool isStart)
    {
        Forget(run.Head.Plan, read.Forgotten);
        foreach (var step in read.Taken)
            file.Execute(
                "UPDATE owed SET taken_by = $run WHERE plan = $plan AND task = $task AND host = $host AND origin = $origin AND taken_by IS NULL",
                [("$run", run.Id), .. Key(run.Head.Plan, step)]);
        // A run that goes on takes back what it owed itself.
        if (isStart && read.Taken.Count > 0)
            file.Execute("UPDATE run SET taken = $taken WHERE seq = $seq", ("$taken", Bytes(read.Taken)), ("$seq", run.Start));
    }

    private void End(JournalState run, RunMessage read)
    {
        var owed = read.Entries.SelectMany(entry => entry.Owed).ToList();
        file.Execute("DELETE FROM owed WHERE taken_by = $run", ("$run", run.Id));
        foreach (var step in owed)
            file.Execute(
                "INSERT OR REPLACE INTO owed VALUES ($plan, $task, $host, $origin, $operation, $caller, $since, $reporter, NULL, $key)",
                [.. Key(run.Head.Plan, step), ("$operation", step.Operation), ("$caller", step.Caller), ("$since", (step.Since ?? run.Updated).ToUnixTimeMilliseconds()), ("$reporter", run.Id), ("$key", step.HostKey)]);
        // Nobody records their ends any more.
        file.Execute("UPDATE cell SET status = 'unknown' WHERE run = $run AND status = 'running'", ("$run", run.Start));
        file.Execute("UPDATE run SET owed = $owed, wish = NULL WHERE seq = $seq", ("$owed", owed.Count > 0 ? Bytes(owed) : null), ("$seq", run.Start));
    }

    // What a run has taken is its own.
    private void Forget(string plan, IReadOnlyList<OwedStep> steps)
    {
        foreach (var step in steps)
            file.Execute("DELETE FROM owed WHERE plan = $plan AND task = $task AND host = $host AND origin = $origin AND taken_by IS NULL", Key(plan, step));
    }

    private static (string Name, object? Value)[] Key(string plan, OwedStep step) =>
        [("$plan", plan), ("$task", step.Task), ("$host", step.Host ?? ""), ("$origin", step.Run?.Value ?? "")];

    private static byte[] Bytes(IReadOnlyList<OwedStep> steps) => RunJson.Pack(new OwedList { Items = steps }, RunJson.Stored.OwedList);

    private static OwedStep Step(SqliteDataReader row) => new()
    {
        Plan = row.GetString(0),
        Task = row.GetString(1),
        Host = row.GetString(2) is { Length: > 0 } host ? host : null,
        Run = RunId.TryParse(row.GetString(3), out var origin) ? origin : null,
        Operation = row.IsDBNull(4) ? null : row.GetString(4),
        Caller = row.IsDBNull(5) ? null : row.GetString(5),
        Since = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
        TakenBy = !row.IsDBNull(7) && RunId.TryParse(row.GetString(7), out var taker) ? taker : null,
        HostKey = row.IsDBNull(8) ? null : row.GetString(8),
    };
}
