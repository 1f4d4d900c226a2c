namespace Osapi.Orchestrator.Engine;

internal sealed partial class PlanRun
{
    // Tasks whose cells had all ended before a dependency had ended on hosts that the task does not have.
    private readonly Queue<int> late = [];
    private bool haltPending;
    private int stoppedBy = -1;

    // The end of a cell whose call has ended.
    private void EndCell(CellCall call, int index, Status status, object? cause = null)
    {
        if (call.Item is { } item && EndItem(call, item, index, status, cause))
            return;
        if (call.Task.RunsOnHosts)
            table[index].Call = null;
        call.OwnToken?.CellEnded();
        EndCell(call.Task.Index, index, status, cause);
    }

    private void EndCell(int task, int index, Status status, object? cause = null, CellFlags flags = CellFlags.None)
    {
        ref var cell = ref table[index];
        ref var row = ref rows[task];
        if (items.Count > 0 && items.Remove(index, out var expanded))
            (status, cause) = SummarizeItems(index, expanded, status, cause);
        if (!cell.Is(CellFlags.Started))
        {
            cell.EndedAt = Clock.GetTimestamp();
            endedAfterAbort |= IsAborted;
        }

        // A cell that may not start because its task failed as a whole is as good as failed for those that depend on it.
        if (status == Status.Failed || (status == Status.Cancelled && row.Is(RowFlags.FailedAsWhole)))
            flags |= CellFlags.InFailure;
        (cell.Status, cell.Cause) = (status, cause);
        cell.Flags |= flags | CellFlags.Ended;
        Record(graph.Tasks[task], index);
        row.Ended++;
        row.Failed += status == Status.Failed ? 1 : 0;
        row.Skipped += status == Status.Skipped ? 1 : 0;
        if (cell.Is(CellFlags.Changed))
            row.Flags |= RowFlags.Changed;

        // A percentage is one of the cells that are not skipped, so that a skipped one may decide.
        if (row.Failed > 0 && LimitOf(graph.Tasks[task]) is { } limit && row.Failed > limit.Of(Expected(task)))
            FailAsWhole(graph.Tasks[task]);
        // Its task's end may come long after that of the last host.
        if (row.Ended == row.Count && row.Failed > 0 && FailedEverywhere(graph.Tasks[task]))
            FailAsWhole(graph.Tasks[task]);
        if (hooks.WantsHosts && graph.Tasks[task].RunsOnHosts && !cell.Is(CellFlags.Absent) && (cell.Host >= 0 || cell.Last is not null))
            hooks.AfterHost(graph.Tasks[task], HostResultOf(index, jobs.GetValueOrDefault(task)?.JobId));
        flow?.CellEnded(task, cell.Host, ready);
        if (CanEnd(task))
            EndTask(graph.Tasks[task]);
    }

    // A cell failed that is not excused, and every other that is not excused failed or was skipped after a failure.
    private bool FailedEverywhere(PlanTask task)
    {
        ref var row = ref rows[task.Index];
        if (Excuses(task))
            return false;
        for (var index = row.Start; index < row.End; index++)
            if (!table[index].Is(CellFlags.InFailure | CellFlags.Absent))
                return false;
        return true;
    }

    private bool Excuses(PlanTask task) => task is { RunsOnHosts: true, AllowedHostFailures: { } allowed }
        && rows[task.Index].Failed is > 0 and var failed && failed <= allowed.Of(Expected(task.Index));

    // A task ends after its dependencies, also those on hosts that it does not have, and after its calls, whose hosts may end before them.
    private bool CanEnd(int task)
    {
        ref var row = ref rows[task];
        return row is { WaitsFor: 0, Calls: 0 } && row.Ended == row.Count && !row.Is(RowFlags.Ended);
    }

    private static HostFailureLimit? LimitOf(PlanTask task) => task.RunsOnHosts ? task.FailedHostsLimit ?? task.AllowedHostFailures : null;

    /// <summary>Lets the strategy of a task act: with stop_all nothing starts any more, and running tasks are cancelled.</summary>
    private void FailAsWhole(PlanTask task)
    {
        ref var row = ref rows[task.Index];
        if (row.Is(RowFlags.FailedAsWhole))
            return;
        row.Flags |= RowFlags.FailedAsWhole;
        levels?.Begin(graph.LevelOf[task.Index]);
        haltPending |= row.Count > 1;
        if (StrategyOf(task).After(Plan.Options.OnError.After(ErrorStrategy.StopAll)) != ErrorStrategy.StopAll)
            return;
        if (!stopped)
        {
            // Before any hook is called: a slow hook must not keep other tasks running.
            stopped = haltPending = true;
            stoppedBy = task.Index;
            tokens.Stop();
        }

        for (var cell = row.Start; cell < row.End; cell++)
            table[cell].Call?.OwnToken?.Cancel();
    }

    private void EndTask(PlanTask task)
    {
        var index = task.Index;
        var status = Settle(task);
        ref var row = ref rows[index];
        row.Flags |= RowFlags.Ended;
        if (status == Status.Skipped && !row.Is(RowFlags.Begun))
        {
            levels?.Begin(graph.LevelOf[index]);
            hooks.OnSkip(task, SkipReasonOf(row)!);
        }

        var result = ResultOf(task, status);
        results[index] = result;
        ended++;
        failed |= status is Status.Failed or Status.Cancelled;
        if (result.Attempts > 0)
            lastToRun = index;
        hooks.AfterTask(task, result);
        var levelEnded = levels?.End(graph.LevelOf[index]) ?? false;

        foreach (var dependent in graph.DependentsOf(index))
        {
            ref var next = ref rows[dependent];
            if (--next.WaitsFor > 0)
                continue;
            next.LastDependency = index;
            if (CanEnd(dependent))
                late.Enqueue(dependent);
            else if (!Plan.Options.LevelBarriers && (flow is null || next.Is(RowFlags.WaitsForAll)))
                ready.Add(dependent);
        }

        flow?.TaskEnded(index, ready);
        if (levelEnded && Plan.Options.LevelBarriers)
            MakeReady(graph.LevelOf[index] + 1);
    }

    /// <summary>Summarizes the cells of a task that has ended, and returns its status.</summary>
    private Status Settle(PlanTask task)
    {
        ref var row = ref rows[task.Index];
        var excused = Excuses(task);
        Span<int> counts = stackalloc int[7];
        for (var index = row.Start; index < row.End; index++)
        {
            ref var cell = ref table[index];
            if (cell.Is(CellFlags.Absent))
                continue;
            // Whichever ended first, the cancelled cell or the one with which the task failed.
            if (cell.Status == Status.Cancelled && row.Is(RowFlags.FailedAsWhole))
                cell.Flags |= CellFlags.InFailure;
            if (cell.Status == Status.Failed && excused)
                cell.Flags |= CellFlags.Excused;
            else if (cell.Status == Status.Skipped && cell.Is(CellFlags.InFailure))
                cell.Flags = Look(task, cell.Host).Unexcused ? cell.Flags & ~CellFlags.Excused : cell.Flags | CellFlags.Excused;
            if (cell.Status != Status.Failed || !excused)
                counts[(int)cell.Status]++;
            if (cell.Is(CellFlags.Started))
                row.Flags |= RowFlags.Started;
            if (!cell.Is(CellFlags.InFailure) || cell.Is(CellFlags.Excused))
                continue;
            row.Flags |= RowFlags.InFailure;
            if (cell.Status == Status.Failed && cell.Is(CellFlags.Started))
                row.Flags |= RowFlags.ItselfFailed;
        }

        foreach (var status in (ReadOnlySpan<Status>)[Status.Failed, Status.Cancelled, Status.Changed, Status.Unchanged, Status.Skipped])
            if (counts[(int)status] > 0)
                return status;
        if (row.Failed > 0)
            return row.Is(RowFlags.Changed) ? Status.Changed : Status.Unchanged;
        // All cells are absent.
        row.Flags |= RowFlags.Empty;
        if (Look(task, host: -1).Unexcused)
            row.Flags |= RowFlags.InFailure;
        return Status.Skipped;
    }
}
