namespace Osapi.Orchestrator.Engine;

internal sealed partial class PlanRun
{
    private readonly Dictionary<int, object?> commonGuards = [];
    private HostFlow? flow;

    // With barriers a whole level at a time, otherwise every task without pending dependencies.
    private void MakeReady(int level)
    {
        if (Plan.Options.LevelBarriers)
        {
            if (level < graph.LevelCount)
                foreach (var task in graph.Levels[level])
                    ready.Add(task.Index);
            return;
        }

        for (var task = 0; task < rows.Length; task++)
            if (rows[task].WaitsFor == 0)
            {
                flow?.Begin(task);
                ready.Add(task);
            }
    }

    /// <summary>Decides every cell whose dependencies have ended, then starts calls up to the limit, both in plan order.</summary>
    private void Advance()
    {
        if (nextItems.Count > 0)
            QueueNextItems();
        while (true)
        {
            if (haltPending)
            {
                haltPending = false;
                CancelWaiting();
            }
            else if (late.TryDequeue(out var task))
                EndTask(graph.Tasks[task]);
            else if (ready.TryTake(out task))
                Decide(task);
            else if (running < limit && queued.TryTake(out task))
                Start(task);
            else
                return;
        }
    }

    private void Decide(int index)
    {
        var task = graph.Tasks[index];
        if (task.SameHostsAs is { } origin && !rows[index].Is(RowFlags.Resolved))
            TakeHosts(index, origin);
        ref var row = ref rows[index];
        if (row.Is(RowFlags.Empty))
        {
            var before = Look(task, host: -1);
            if (!selection.Has(task))
                Skip(index, row.Start, SkipReasons.NotSelected, before);
            else if (IsHalted(index, before))
                EndCell(index, row.Start, Status.Cancelled);
            else
                Skip(index, row.Start, SkipReasons.NoHosts, before);
            return;
        }

        if (flow is not null && !row.Is(RowFlags.WaitsForAll))
            foreach (var cell in table.TakeAll(ref row.FirstReady))
                Decide(task, cell);
        else
            for (int cell = row.Start, end = row.End; cell < end; cell++)
                Decide(task, cell);
        if (rows[index].FirstAdmitted < 0)
            return;
        // In the order of hosts, cells that can start at the same time are collected in one call.
        if (limit == int.MaxValue && flow is null)
            Start(index);
        else
            queued.Add(index);
    }

    private void Decide(PlanTask task, int index)
    {
        GiveHost(task, index);
        var host = table[index].Host;
        var before = Look(task, host);
        if (IsAbsent(task, host))
            EndCell(task.Index, index, Status.Skipped, SkipReasons.NoHosts, CellFlags.Absent);
        else if (TryRestore(task, index))
            return;
        else if (HasBegun(task, index))
            table.Push(ref rows[task.Index].FirstAdmitted, index);
        else if (!selection.Has(task, host))
            Skip(task.Index, index, SkipReasons.NotSelected, before);
        else if (IsHalted(task.Index, before))
            EndCell(task.Index, index, Status.Cancelled);
        else if (table.Drained.Contains(host))
            Skip(task.Index, index, SkipReasons.HostDrained, before);
        else if (before.SkipReason(task) is { } reason)
            Skip(task.Index, index, reason, before);
        else if (!task.HasGuard)
            table.Push(ref rows[task.Index].FirstAdmitted, index);
        else
            switch (AskGuards(task, host))
            {
                case string refusal:
                    table[index].Flags |= CellFlags.Guarded;
                    Skip(task.Index, index, refusal, before);
                    break;
                case Exception error:
                    FailUnstarted(task, index, error);
                    break;
                default:
                    table.Push(ref rows[task.Index].FirstAdmitted, index);
                    break;
            }
    }

    // In the flow by host, the hosts of another task are known one by one.
    private bool IsAbsent(PlanTask task, int host) => flow is not null && task.SameHostsAs is { } origin && rows[task.Index].Is(RowFlags.Resolved)
        && (table.Find(rows[origin.Index], host) is not (>= 0 and var cell) || !(table[cell].Is(CellFlags.Started) || !selection.Has(origin)));

    private void Skip(int task, int index, string reason, Before before) =>
        EndCell(task, index, Status.Skipped, reason, FailureBefore(before));

    private static CellFlags FailureBefore(Before before) => before.InFailure ? CellFlags.InFailure | (before.Unexcused ? 0 : CellFlags.Excused) : 0;

    /// <summary>Asks the guards of a cell: null when all hold, otherwise the reason or the exception of the first that does not.</summary>
    private object? AskGuards(PlanTask task, int host)
    {
        foreach (var guard in task.Guards)
            if ((guard.Holds is null || (guard.LooksAtHost && host >= 0) ? Ask(() => AskAt(guard, task, host), guard.Reason) : AskOnce(task, guard)) is { } refusal)
                return refusal;
        return null;
    }

    private bool AskAt(Guard guard, PlanTask task, int host)
    {
        var name = host >= 0 ? table.NameOf(host)
            : throw new TaskFailedException($"the guard of task \"{task.Name}\" asks for the host, but its hosts are not known before it runs");
        return guard.HoldsOn!(ResultsFor(task, host), name);
    }

    // One answer for all cells.
    private object? AskOnce(PlanTask task, Guard guard)
    {
        if (rows[task.Index].Count == 1)
            return Ask(() => guard.Holds!(ResultsFor(task.Index)), guard.Reason);
        var key = (task.Index << 8) | Array.IndexOf(task.Guards, guard);
        if (!commonGuards.TryGetValue(key, out var refusal))
            commonGuards.Add(key, refusal = AskRecorded(task, key & 0xff, guard));
        return refusal;
    }

    // All cells of a task have the same answer, also those that are asked after a resume.
    private object? AskRecorded(PlanTask task, int index, Guard guard)
    {
        if (recorder?.History.TryGetGuard(task.Name, index, out var known) == true)
            return known;
        var refusal = Ask(() => guard.Holds!(ResultsFor(task.Index)), guard.Reason);
        if (refusal is not Exception)
            recorder?.Answered(task.Name, index, (string?)refusal);
        return refusal;
    }

    private static object? Ask(Func<bool> guard, string reason)
    {
        try
        {
            return guard() ? null : reason;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    /// <summary>
    /// Determines whether a cell may not start any more. After a failure that stops the plan only recovery tasks start, and tasks that
    /// always run whatever ended the run.
    /// </summary>
    private bool IsHalted(int task, in Before before)
    {
        if (rows[task].Is(RowFlags.FailedAsWhole))
            return true;
        if (graph.Tasks[task].RunsAlways)
            return tokens.IsOver || (!before.Started && (stopped || IsAborted));
        return IsAborted || (stopped && !(graph.Tasks[task].RequiresFailure && before.InFailure));
    }
}
