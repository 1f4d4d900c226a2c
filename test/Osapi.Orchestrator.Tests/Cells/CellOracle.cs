namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>
/// The rules of a plan over hosts, written from the design alone (sections 3, 8 and 9), without an engine: it decides about one cell from
/// the cells it looks at, and about a row when its cells have ended.
/// </summary>
/// <remarks>
/// Where the rules leave a choice, this is the reading of a careful author. A host that is drained is skipped before anything else is
/// asked. Such a cell, and a task without hosts, is in F when a dependency is, as is anything skipped; a cell that started and whose host
/// answered that it skipped the operation is not. A guard that throws makes a cell fail, but it has not started, so that OnlyIfFailed has
/// nothing to recover from. When more cells failed than are allowed, none of them is excused: it must not depend on who failed first.
/// What is not selected is skipped before anything else is asked; tasks with its hosts have all of them.
/// A cell that did not run because its task had failed as a whole drops out of what depends on it, like one that failed. An _any task
/// has the host that took it. A task ends after those before it, also if its own cells have ended earlier.
/// </remarks>
internal sealed class CellOracle(FleetPlan plan)
{
    private readonly Dictionary<int, CellRow> rows = [];

    public CellRow this[int task] => rows[task];

    public IEnumerable<CellRow> Rows => plan.Tasks.Where(task => rows.ContainsKey(task.Id)).Select(task => rows[task.Id]);

    public CellRow Add(CellRow row) => rows[row.Task.Id] = row;

    /// <summary>Gets the columns of a task, once the tasks before it have ended.</summary>
    public IEnumerable<int> Columns(FleetTask task) => task.Target switch
    {
        FleetTarget.Function or FleetTarget.Any => [FleetLog.Single],
        // The hosts on which a cell of that task started (R1).
        FleetTarget.SameAs => rows[task.TargetId].Cells.Where(cell => (cell.HasStarted || plan.Unselected.Contains(task.TargetId)) && cell.Host >= 0).Select(cell => cell.Host).Order(),
        _ => plan.HostsOf(task)!,
    };

    /// <summary>Gets the task whose hosts a task has in the end.</summary>
    public FleetTask Origin(FleetTask task) => task.Target == FleetTarget.SameAs ? Origin(plan[task.TargetId]) : task;

    /// <summary>Decides about a cell by the table of section 8, when nothing has stopped the plan.</summary>
    public CellDecision Decide(FleetTask task, int host)
    {
        if (!plan.IsSelected(task, host))
            return CellDecision.Skip(SkipReasons.NotSelected);
        if (plan.Drained.Contains(host))
            return CellDecision.Skip(SkipReasons.HostDrained);
        var seen = task.Dependencies.Select(dependency => rows[dependency].Look(host)).ToList();
        if (task.Always)
            return HasStarted(seen) ? AskGuards(task, host) : CellDecision.Skip(SkipReasons.NoDependenciesStarted);
        if (seen.Exists(view => view.IsInF) && !task.HasGuard && !task.OnlyIfFailed)
            return CellDecision.Skip(SkipReasons.DependencyFailed);
        if (task.OnlyIfFailed && !seen.Exists(view => view.Failed))
            return CellDecision.Skip(SkipReasons.NoDependenciesFailed);
        if (task.OnlyIfChanged && !seen.Exists(view => view.Changed))
            return CellDecision.Skip(SkipReasons.NoDependenciesChanged);
        return AskGuards(task, host);
    }

    /// <summary>Completes a row whose cells have ended: F, what is excused, and whether the task failed as a whole.</summary>
    public void Finish(CellRow row)
    {
        var task = row.Task;
        row.IsEmptyInF = row.Cells.Count == 0 && !row.IsCancelled && task.Dependencies.Any(dependency => rows[dependency].Whole.IsInF);
        var counted = row.Cells.Count(cell => cell.Status != Status.Skipped);
        var failed = row.Cells.Count(cell => cell.Status == Status.Failed);
        foreach (var cell in row.Cells)
        {
            var inF = task.Dependencies.Select(dependency => rows[dependency].Look(cell.Host)).Where(view => view.IsInF).ToList();
            cell.IsInF = cell.Status == Status.Failed || (cell is { Status: Status.Skipped, HasStarted: false } && inF.Count > 0);
            cell.IsExcused = cell.Status == Status.Failed
                ? task.Allowed is { } allowed && failed <= allowed.Of(counted)
                : cell.IsInF && inF.TrueForAll(view => view is { IsCell: true, IsExcused: true });
        }

        // A failure is needed: a task that is only skipped never acts (R5).
        row.FailedAsAWhole = row.Cells.Any(cell => cell is { Status: Status.Failed, IsExcused: false })
            && (row.Cells.All(cell => cell.IsExcused || cell.IsInF) || IsExceeded(row, failed, counted));
        if (row.FailedAsAWhole || IsExceeded(row, failed, counted))
            foreach (var cell in row.Cells.Where(cell => cell.Status == Status.Cancelled))
                cell.IsInF = true;
        row.FailedAsAWhole |= IsExceeded(row, failed, counted);
    }

    /// <summary>Gets the status of a row; several when all its cells are excused failures, about which the rules are silent.</summary>
    public static IReadOnlyList<Status> StatusOf(CellRow row)
    {
        if (row.Cells.Count == 0)
            return [Status.Skipped];
        if (row.Cells.Any(cell => cell is { Status: Status.Failed, IsExcused: false }))
            return [Status.Failed];
        foreach (var status in (ReadOnlySpan<Status>)[Status.Cancelled, Status.Changed, Status.Unchanged, Status.Skipped])
            if (row.Cells.Any(cell => cell.Status == status))
                return [status];
        return [Status.Changed, Status.Unchanged, Status.Skipped];
    }

    /// <summary>Gets what is owed (R8): the next run would not see the change any more.</summary>
    public IEnumerable<(int Task, int Host)> Owed() =>
        from row in Rows
        where row.Task.OnlyIfChanged && !plan.Check
        from cell in row.Cells
        where !cell.EndedOk && !IsOwnGuard(row.Task, cell) && row.Task.Dependencies.Any(dependency => rows[dependency].Look(cell.Host).Changed)
        select (row.Task.Id, row.Task.IsSingle ? FleetLog.Single : cell.Host);

    /// <summary>Determines whether more cells failed than <c>MaxHostFailures</c>, or <c>AllowHostFailures</c> without it, lets fail.</summary>
    public static bool IsExceeded(CellRow row, int failed, int counted) => (row.Task.Max ?? row.Task.Allowed) is { } limit && failed > limit.Of(counted);

    private static bool HasStarted(List<CellView> seen) =>
        seen.Exists(view => view.IsCell) ? seen.Exists(view => view is { IsCell: true, HasStarted: true }) : seen.Exists(view => view.HasStarted);

    private static bool IsOwnGuard(FleetTask task, OracleCell cell) =>
        cell.Status == Status.Skipped && task.HasGuard && cell.Reason is SkipReasons.GuardReturnedFalse or "not here";

    private CellDecision AskGuards(FleetTask task, int host)
    {
        if (task.Guard == FleetGuard.Throws)
            return CellDecision.Fail;
        if (task.Guard == FleetGuard.False)
            return CellDecision.Skip(SkipReasons.GuardReturnedFalse);
        // A request that cannot be made fails the cell like a guard that throws.
        var run = plan.Script.Request(task, task.IsSingle ? FleetLog.Single : host) > 0 ? CellDecision.Run : CellDecision.Fail;
        return !task.GuardsHosts ? run : plan.Script.HostGuard(task, host) switch
        {
            FleetGuard.Throws => CellDecision.Fail,
            FleetGuard.False => CellDecision.Skip("not here"),
            _ => run,
        };
    }
}
