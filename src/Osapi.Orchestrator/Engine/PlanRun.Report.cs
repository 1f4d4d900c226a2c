namespace Osapi.Orchestrator.Engine;

internal sealed partial class PlanRun
{
    private Report MakeReport()
    {
        List<TaskResult> criticalPath = [];
        for (var index = lastToRun; index >= 0; index = rows[index].LastDependency)
            if (results[index]!.Attempts > 0)
                criticalPath.Add(results[index]!);
        criticalPath.Reverse();
        return new(graph, results, criticalPath.AsReadOnly(), hooks.Errors)
        {
            StartedAt = startTime,
            Duration = Clock.GetElapsedTime(startedAt),
            Outcome = OutcomeOfRun(),
            Owed = OwedCells(),
            Run = recorder?.Id,
            History = new(graph, rows, table, startedAt, Plan.Options) { StoppedBy = stoppedBy, Abort = endedAfterAbort ? tokens.Cause : AbortCause.None },
        };
    }

    private PlanOutcome OutcomeOfRun()
    {
        // Regardless of the tasks: a body that ignores its token may have done all its work.
        if (endedAfterAbort)
            return tokens.Cause == AbortCause.Deadline ? PlanOutcome.TimedOut : PlanOutcome.Cancelled;
        return failed ? PlanOutcome.Failed : PlanOutcome.Succeeded;
    }

    // What was only checked has changed nothing that somebody would have to react to.
    private IReadOnlyList<OwedCell> OwedCells()
    {
        List<OwedCell> owed = [];
        if (!graph.HasReactions || Plan.Invoker is DryRunInvoker)
            return owed;
        foreach (var index in graph.Order)
            if (graph.Tasks[index].RequiresChange && !rows[index].Is(RowFlags.Empty))
                for (var cell = rows[index].Start; cell < rows[index].End; cell++)
                    if (table[cell].Status is not (Status.Changed or Status.Unchanged) && !table[cell].Is(CellFlags.Guarded | CellFlags.Absent)
                        && Look(graph.Tasks[index], table[cell].Host).Changed)
                        owed.Add(new(graph.Tasks[index].Name, table[cell].Host < 0 ? null : table.NameOf(table[cell].Host)));
        return owed;
    }
}
