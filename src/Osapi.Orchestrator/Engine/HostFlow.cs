namespace Osapi.Orchestrator.Engine;

/// <summary>
/// The order of <see cref="PlanFlow.Host"/>: a cell can be decided when the cells of its dependencies on its host have ended, or all
/// cells of a dependency that does not have the host.
/// </summary>
internal sealed class HostFlow
{
    private readonly PlanGraph graph;
    private readonly TaskRow[] rows;
    private readonly CellTable table;

    // For each cell the number of dependencies that it waits for.
    private readonly int[] waitsFor;

    public HostFlow(PlanGraph graph, TaskRow[] rows, CellTable table)
    {
        (this.graph, this.rows, this.table) = (graph, rows, table);
        waitsFor = new int[table.Count];
        foreach (var task in graph.Tasks)
        {
            ref var row = ref rows[task.Index];
            // A condition that does not look at the host needs the results of all hosts.
            if (!row.Is(RowFlags.Resolved) || task.ReadsWholeTasks || task.Guards.Any(guard => !guard.LooksAtHost))
                row.Flags |= RowFlags.WaitsForAll;
            else
                waitsFor.AsSpan(row.Start, row.Count).Fill(row.WaitsFor);
        }
    }

    /// <summary>Records that a cell has ended; the tasks that have a cell that can be decided now are added.</summary>
    public void CellEnded(int task, int host, PlanOrder ready)
    {
        if (!rows[task].Is(RowFlags.Resolved) || table.Find(rows[task], host) < 0)
            return;
        foreach (var dependent in graph.DependentsOf(task))
            if (!rows[dependent].Is(RowFlags.WaitsForAll) && table.Find(rows[dependent], host) is >= 0 and var cell)
                Arrive(dependent, cell, ready);
    }

    /// <summary>Records that a task has ended on all hosts.</summary>
    public void TaskEnded(int task, PlanOrder ready)
    {
        var resolved = rows[task].Is(RowFlags.Resolved);
        foreach (var dependent in graph.DependentsOf(task))
            if (!rows[dependent].Is(RowFlags.WaitsForAll))
                for (var cell = rows[dependent].Start; cell < rows[dependent].End; cell++)
                    if (!resolved || table.Find(rows[task], table[cell].Host) < 0)
                        Arrive(dependent, cell, ready);
    }

    /// <summary>Adds all cells of a task without dependencies.</summary>
    public void Begin(int task)
    {
        for (var cell = rows[task].Start; cell < rows[task].End; cell++)
            table.Push(ref rows[task].FirstReady, cell);
    }

    private void Arrive(int task, int cell, PlanOrder ready)
    {
        if (--waitsFor[cell] > 0)
            return;
        table.Push(ref rows[task].FirstReady, cell);
        ready.Add(task);
    }
}
