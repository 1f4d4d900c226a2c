namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>The invariants of every run, however it is stopped: nothing is missing, and the report agrees with the calls that the fleet received.</summary>
internal static class RunInvariants
{
    public static IReadOnlyList<string> Of(FleetRun run)
    {
        List<string> problems = [.. Report(run)];
        if (run.Plan.IsOld || problems.Count > 0)
            return problems;
        foreach (var task in run.Plan.Tasks)
            problems.AddRange(Events(run, task));
        var table = ReportTable.Of(run);
        CellTimes times = new(run, table);
        foreach (var row in table.Rows)
        {
            problems.AddRange(Row(run, table, row));
            foreach (var cell in row.Cells)
                problems.AddRange(Cell(run, row, cell).Concat(Order(run, times, row, cell)).Select(problem => $"t{row.Task.Id} on h{cell.Column}: {problem}"));
        }

        problems.AddRange(Reads(run, table));
        return problems;
    }

    private static IEnumerable<string> Report(FleetRun run)
    {
        var names = run.Report.Tasks.Select(task => task.Name).ToHashSet();
        if (run.Report.Tasks.Count != run.Plan.Tasks.Length || !names.SetEquals(run.Plan.Tasks.Select(task => $"t{task.Id}")))
            yield return "the report does not list every task once";
        if (run.Report.HookErrors.Count > 0)
            yield return $"hook error: {run.Report.HookErrors[0]}";
        foreach (var task in run.Report.Tasks.Where(task => task.Status is Status.Pending or Status.Running))
            yield return $"{task.Name} ended as {task.Status}";
        foreach (var task in run.Report.Tasks)
            if (task.HostResults.Select(host => host.Hostname).Distinct().Count() != task.HostResults.Count)
                yield return $"{task.Name} lists a host twice";
        if (!run.Log.NothingIsLeftRunning || run.Log.All.Any(attempt => !attempt.HasEnded))
            yield return "something was left running";
        if (run.Log.MostInFlight > (run.Plan.MaxParallelism ?? int.MaxValue))
            yield return $"{run.Log.MostInFlight} jobs were in flight";
        foreach (var ((task, host), calls) in run.Log.GuardCalls.Where(guard => guard.Value > 1))
            yield return $"the guard of t{task} for h{host} was asked {calls} times";
    }

    private static IEnumerable<string> Events(FleetRun run, FleetTask task)
    {
        // A call that was refused for all hosts had begun.
        var hasStarted = run.Report.Get($"t{task.Id}")!.Attempts > 0 || run.Log.Refusals.Any(refusal => refusal.Task.Id == task.Id);
        var isSkipped = run.Report.Get($"t{task.Id}")!.Status == Status.Skipped && !hasStarted;
        string[] expected = [.. hasStarted ? ["before"] : (string[])[], .. isSkipped ? ["skip"] : (string[])[], "after"];
        var events = run.Events.GetValueOrDefault($"t{task.Id}") ?? [];
        if (!events.SequenceEqual(expected))
            yield return $"t{task.Id} had the events {string.Join(", ", events)}, not {string.Join(", ", expected)}";
    }

    private static IEnumerable<string> Row(FleetRun run, CellOracle table, CellRow row)
    {
        var result = run.Report.Get($"t{row.Task.Id}")!;
        var name = $"t{row.Task.Id}";
        var columns = table.Columns(row.Task).ToHashSet();
        // The hosts of a task like another are not known when it is cancelled before that one has ended.
        if (!columns.SetEquals(row.Cells.Select(cell => cell.Column)) && !(row.Task.Target == FleetTarget.SameAs && result.Status == Status.Cancelled))
            yield return $"{name} has cells on {string.Join(",", row.Cells.Select(cell => cell.Column))}, not {string.Join(",", columns)}";
        if (row.Cells.Count > 0 && !CellOracle.StatusOf(row).Contains(result.Status))
            yield return $"{name} is {result.Status}, its cells say {string.Join(" or ", CellOracle.StatusOf(row))}";
        if (row.Cells.Count == 0 && result.Status is not (Status.Skipped or Status.Cancelled))
            yield return $"{name} has no hosts and is {result.Status}";
        if (result.Changed != row.Cells.Any(cell => cell.Changed))
            yield return $"{name} changed: {result.Changed}";
        if (result.Status == Status.Skipped ? row.Cells.Count > 0 && row.Cells.All(cell => cell.Reason != result.SkipReason) : result.SkipReason is not null)
            yield return $"{name} is {result.Status} because '{result.SkipReason}'";
        if (!row.Task.IsSingle)
            foreach (var (cell, host) in row.Cells.Zip(result.HostResults))
                if (host.IsExcused != cell.IsExcused)
                    yield return $"{name} on {host.Hostname} is {host.Status}, excused: {host.IsExcused}";
        // Cells that are ready together with the same request are one job (R9).
        if (run.Plan.Flow == PlanFlow.Task)
            foreach (var cells in row.Cells.GroupBy(cell => run.Plan.Script.Request(row.Task, cell.Column)))
                if (cells.SelectMany(cell => run.Log[row.Task.Id, cell.Column].Take(1)).Select(attempt => attempt.StartOrder).Distinct().Count() > 1)
                    yield return $"{name} began with several jobs for the request {cells.Key}";
    }

    private static IEnumerable<string> Cell(FleetRun run, CellRow row, OracleCell cell)
    {
        var attempts = run.Log[row.Task.Id, cell.Column];
        // A call that is cancelled before it was sent is an attempt too.
        if (attempts.Count != cell.Attempts && !(attempts.Count == cell.Attempts - 1 && cell.Status == Status.Cancelled))
            yield return $"{cell.Attempts} attempts are reported, {attempts.Count} were made";
        if (attempts.Count == 0)
            yield break;
        var last = attempts[^1];
        var changed = attempts.Any(attempt => attempt.Changed);
        // A check may find later that a failure is none, which the prediction knows.
        if (run.Plan.Check && last.Reply == ScriptedReply.FailedForGood && cell.Status != Status.Failed)
            yield break;
        if (cell.Changed != changed)
            yield return $"changed is {cell.Changed}";
        var isTimedOut = row.Task.Limit is { } limit && last.EndTime == attempts[0].StartTime + limit;
        var status = last.IsCancelled ? isTimedOut && cell.Status == Status.Failed ? Status.Failed : Status.Cancelled
            : last.Reply == ScriptedReply.Skipped ? Status.Skipped
            : FleetScript.IsFailure(last.Reply) ? Status.Failed
            : changed ? Status.Changed : Status.Unchanged;
        if (attempts.Count < cell.Attempts)
            yield break;
        var mayRetry = FleetScript.IsRetryable(row.Task, last.Reply) && attempts.Count <= row.Task.Retries;
        if (run.Log.Refusal(row.Task.Id, cell.Column) is not null && mayRetry && cell.Status == Status.Skipped)
            yield break;
        if (cell.Status != status && !(isTimedOut && cell.Status == Status.Failed) && !(cell.Status == Status.Cancelled && status == Status.Failed && mayRetry))
            yield return $"{cell.Text}, but the host ended as {last.Reply}{(last.IsCancelled ? " (cancelled)" : "")}";
        var (started, duration) = row.Task.IsSingle
            ? (run.Report.Get($"t{row.Task.Id}")!.StartedAt, run.Report.Get($"t{row.Task.Id}")!.Duration)
            : run.Report.Get($"t{row.Task.Id}")!.HostResults.Where(host => FleetPlan.Id(host.Hostname) == cell.Column).Select(host => (host.StartedAt, host.Duration)).First();
        if (started != run.Report.StartedAt.AddTicks(attempts[0].StartTime))
            yield return $"started at {(started - run.Report.StartedAt)?.Ticks}, not {attempts[0].StartTime}";
        if (!mayRetry && duration.Ticks != last.EndTime - attempts[0].StartTime)
            yield return $"took {duration.Ticks}, not {last.EndTime - attempts[0].StartTime}";
    }

    private static IEnumerable<string> Order(FleetRun run, CellTimes times, CellRow row, OracleCell cell)
    {
        if (run.Log[row.Task.Id, cell.Column] is not [var first, ..])
            yield break;
        var ready = times.Ready(row.Task.Id, cell.Column);
        if (first.StartOrder < ready.Order)
            yield return $"started before what it waits for had ended ({first.StartTime} < {ready.Time})";
        else if (times.IsPrompt && ready.IsExact && first.StartTime != ready.Time)
            yield return $"was ready at {ready.Time}, started at {first.StartTime}";
    }

    private static IEnumerable<string> Reads(FleetRun run, CellOracle table)
    {
        foreach (var (task, host, read, seen) in run.Reads)
        {
            var cell = table[read].On(host);
            // The guard of a host sees that host's cells, and tasks without hosts (R4).
            if (host != FleetLog.Single && cell is null && table[read].Task.Target != FleetTarget.Function)
                continue;
            var status = host != FleetLog.Single && cell is not null ? cell.Status : run.Report.Get($"t{read}")!.Status;
            if (seen != status)
                yield return $"the guard of t{task.Id} for h{host} saw t{read} as {seen}, which was {status}";
        }
    }
}
