namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>The end of a cell: when, in which order among all events, and whether the time is exact or the earliest one possible.</summary>
internal readonly record struct CellEnd(long Time, int Order, bool IsExact)
{
    public static CellEnd Latest(CellEnd one, CellEnd other) =>
        new(Math.Max(one.Time, other.Time), Math.Max(one.Order, other.Order), one.IsExact && other.IsExact);
}

/// <summary>Computes what each cell of a run waited for (R9), from what the fleet saw.</summary>
internal sealed class CellTimes
{
    private readonly FleetRun run;
    private readonly CellOracle table;
    private readonly Dictionary<(int Task, int Column), CellEnd> ready = [];
    private readonly Dictionary<(int Task, int Column), CellEnd> ends = [];
    private readonly Dictionary<int, CellEnd> rowEnds = [];

    public CellTimes(FleetRun run, CellOracle table)
    {
        (this.run, this.table) = (run, table);
        foreach (var row in table.Rows)
        {
            // A task ends after those before it, also if its own cells have ended earlier: whoever sees it sees them too.
            rowEnds[row.Task.Id] = WholeReady(row.Task);
            foreach (var cell in row.Cells)
            {
                var key = (row.Task.Id, cell.Column);
                ready[key] = Ready(row.Task, cell);
                ends[key] = End(row.Task, cell, ready[key]);
                rowEnds[row.Task.Id] = CellEnd.Latest(rowEnds[row.Task.Id], ends[key]);
            }
        }
    }

    /// <summary>True when a cell starts as soon as it is ready.</summary>
    public bool IsPrompt => run.Plan is { MaxParallelism: null, Barriers: false };

    /// <summary>Gets the time from which a cell may start.</summary>
    public CellEnd Ready(int task, int column) => ready[(task, column)];

    public CellEnd End(int task, int column) => ends[(task, column)];

    public CellEnd RowEnd(int task) => rowEnds[task];

    private CellEnd End(FleetTask task, OracleCell cell, CellEnd whenReady)
    {
        if (run.Log.Refusal(task.Id, cell.Column) is { HasEnded: true } refusal)
            return new(refusal.EndTime, refusal.EndOrder, IsExact: cell.Status != Status.Cancelled);
        if (run.Log[task.Id, cell.Column] is not [{ } first, ..] attempts || attempts[^1] is not { HasEnded: true } last)
            return whenReady with { IsExact = whenReady.IsExact && cell.Status != Status.Cancelled };
        // The time limit passed between two attempts.
        if (task.Limit is { } limit && cell.Status == Status.Failed && run.DurationOf(task, cell.Column) == limit)
            return new(first.StartTime + limit, last.EndOrder, IsExact: true);
        return new(last.EndTime, last.EndOrder, IsExact: last.IsCancelled || cell.Status != Status.Cancelled);
    }

    private CellEnd Ready(FleetTask task, OracleCell cell)
    {
        // A guard that holds for every cell is asked when the dependencies have ended on all hosts (R4).
        if (run.Plan.Flow == PlanFlow.Task || task.Guard != FleetGuard.None || task.IsSingle)
            return WholeReady(task);
        // The hosts of a task like an _any task are not known beforehand: it may wait for all.
        CellEnd latest = new(0, 0, IsExact: task.Target != FleetTarget.SameAs || table.Origin(task).Target != FleetTarget.Any);
        foreach (var dependency in task.Dependencies)
            latest = CellEnd.Latest(latest, !table[dependency].Task.IsSingle && ends.TryGetValue((dependency, cell.Column), out var there) ? there : rowEnds[dependency]);
        return latest;
    }

    private CellEnd WholeReady(FleetTask task) =>
        task.Dependencies.Aggregate(new CellEnd(0, 0, IsExact: true), (latest, dependency) => CellEnd.Latest(latest, rowEnds[dependency]));
}
