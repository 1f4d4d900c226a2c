namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>Reads the cells of a plan from its report.</summary>
internal static class ReportTable
{
    public static CellOracle Of(FleetRun run)
    {
        CellOracle oracle = new(run.Plan);
        foreach (var task in run.Plan.Tasks)
        {
            var result = run.Report.Get($"t{task.Id}")!;
            oracle.Finish(oracle.Add(new(task, task.IsSingle ? [Single(task, result)] : [.. result.HostResults.Select(Cell)]) { IsCancelled = result.Status == Status.Cancelled }));
        }

        return oracle;
    }

    /// <summary>Compares a report with the prediction.</summary>
    public static IEnumerable<string> Differences(FleetRun run, CellOracle expected)
    {
        var actual = Of(run);
        foreach (var row in expected.Rows)
        {
            var name = $"t{row.Task.Id}";
            var result = run.Report.Get(name)!;
            if (!CellOracle.StatusOf(row).Contains(result.Status))
                yield return $"{name} is {result.Status}, not {string.Join(" or ", CellOracle.StatusOf(row))}";
            if (result.Changed != row.Cells.Any(cell => cell.Changed))
                yield return $"{name} changed: {result.Changed}";
            if (row.Cells.Count == 0 && result.SkipReason != (run.Plan.Unselected.Contains(row.Task.Id) ? SkipReasons.NotSelected : SkipReasons.NoHosts))
                yield return $"{name} without hosts: {result.SkipReason}";
            var wanted = row.Cells.ToDictionary(cell => cell.Column);
            foreach (var cell in actual[row.Task.Id].Cells)
                if (!wanted.Remove(cell.Column, out var want))
                    yield return $"{name} has a cell on h{cell.Column}, which is not its host";
                else if (!Same(row.Task, want, cell))
                    yield return $"{name} on h{cell.Column}: {cell.Text}, not {want.Text}";
            foreach (var missing in wanted.Keys)
                yield return $"{name} has no cell on h{missing}";
        }

        var failed = expected.Rows.Any(row => row.Cells.Any(cell => cell is { Status: Status.Failed or Status.Cancelled, IsExcused: false }));
        if (run.Report.Outcome != (failed ? PlanOutcome.Failed : PlanOutcome.Succeeded))
            yield return $"the outcome is {run.Report.Outcome}";
    }

    public static IEnumerable<string> OwedDifferences(FleetRun run, CellOracle expected)
    {
        var owed = run.Report.Owed.Select(cell => (Task: FleetPlan.Id(cell.Task), Host: HostOf(run.Plan, cell))).ToList();
        var wanted = expected.Owed().ToList();
        foreach (var (task, host) in owed.Except(wanted))
            yield return $"t{task} on h{host} is owed, but should not be";
        foreach (var (task, host) in wanted.Except(owed))
            yield return $"t{task} on h{host} is not owed, but should be";
        if (owed.Count != owed.Distinct().Count())
            yield return "something is owed twice";
        var order = run.Report.Tasks.Select(task => task.Name).ToList();
        if (!run.Report.Owed.Select(cell => order.IndexOf(cell.Task)).Order().SequenceEqual(run.Report.Owed.Select(cell => order.IndexOf(cell.Task))))
            yield return "what is owed is not in the order of the report";
    }

    private static bool Same(FleetTask task, OracleCell want, OracleCell cell) =>
        (want.Status, want.Reason, want.Changed, want.Attempts, want.IsExcused) == (cell.Status, cell.Reason, cell.Changed, cell.Attempts, cell.IsExcused)
        && (task.Target != FleetTarget.Any || want.Host == cell.Host);

    // A task that runs on any host may be owed on the host that took it, or without one.
    private static int HostOf(FleetPlan plan, OwedCell cell) =>
        cell.Host is null or "" || plan[FleetPlan.Id(cell.Task)].IsSingle ? FleetLog.Single : FleetPlan.Id(cell.Host);

    private static OracleCell Cell(HostResult host) => new(FleetPlan.Id(host.Hostname))
    {
        Status = host.Status,
        Reason = host.SkipReason,
        Changed = host.Changed,
        Attempts = host.Attempts,
        IsExcused = host.IsExcused,
    };

    private static OracleCell Single(FleetTask task, TaskResult result)
    {
        var host = task.Target == FleetTarget.Any && result.HostResults is [{ Hostname.Length: > 0 } named] ? named : null;
        var excused = task.Target == FleetTarget.Any && result.HostResults is [{ IsExcused: true }];
        // Without a host nothing is left of a failure that is allowed but a task that has not run.
        var vanished = task.Target == FleetTarget.Any && result is { Attempts: 0, Status: Status.Unchanged };
        return new(FleetLog.Single)
        {
            Host = host is null ? FleetLog.Single : FleetPlan.Id(host.Hostname),
            // A failure that is allowed is no failure of the task; its host says what it was.
            Status = vanished ? Status.Failed : excused && result.HostResults[0].Status is var own ? own : result.Status,
            Reason = result.SkipReason,
            Changed = result.Changed,
            Attempts = result.Attempts,
            IsExcused = excused || vanished,
        };
    }
}
