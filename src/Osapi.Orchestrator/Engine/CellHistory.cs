namespace Osapi.Orchestrator.Engine;

/// <summary>The cells of a run that has ended, from which their reasons are read.</summary>
internal sealed class CellHistory(PlanGraph graph, TaskRow[] rows, CellTable table, long startedAt, PlanOptions options)
{
    private const int MaxSteps = 100;

    /// <summary>The task whose failure stopped the plan; -1 when none did.</summary>
    public int StoppedBy { get; init; } = -1;

    /// <summary>The cause that ended the run before its tasks had ended.</summary>
    public AbortCause Abort { get; init; }

    /// <summary>Returns the reasons of a cell; empty when the plan has no such task, or the task does not run on the host.</summary>
    public IReadOnlyList<CellReason> Explain(string name, string? host)
    {
        List<CellReason> steps = [];
        if (graph.Find(name) is not { } task || CellOf(task.Index, host) is not (>= 0 and var next))
            return steps;
        var index = task.Index;
        // Each step is a dependency of the one before or a failure that had no earlier one, so the steps end.
        while (next >= 0 && steps.Count < MaxSteps)
        {
            var (step, cause) = Step(graph.Tasks[index], next);
            steps.Add(step);
            (index, next) = cause;
        }

        return steps;
    }

    private int CellOf(int task, string? host)
    {
        ref var row = ref rows[task];
        if (host is null)
            return row.Count == 1 ? row.Start : -1;
        return table.Knows(host, out var index) ? table.Find(row, index) : -1;
    }

    private (CellReason Step, (int Task, int Cell) Cause) Step(PlanTask task, int index)
    {
        ref var cell = ref table[index];
        var (kind, cause) = KindOf(task, cell);
        var begun = cell.Is(CellFlags.Started) ? cell.StartedAt : cell.EndedAt;
        var (lastTask, last) = LastBefore(task, cell.Host);
        var reason = new CellReason
        {
            Task = task.Name,
            Host = HostOf(index),
            Status = cell.Status,
            Kind = kind,
            Text = TextOf(cell, kind),
            Waited = options.TimeProvider.GetElapsedTime(startedAt, begun),
            WaitedForTask = last >= 0 ? graph.Tasks[lastTask].Name : null,
            WaitedForHost = last >= 0 ? HostOf(last) : null,
            Queued = options.TimeProvider.GetElapsedTime(last >= 0 ? Math.Min(table[last].EndedAt, begun) : startedAt, begun),
        };
        return (reason, cause);
    }

    private (ReasonKind Kind, (int Task, int Cell) Cause) KindOf(PlanTask task, in Cell cell) => cell.Status switch
    {
        Status.Failed => (ReasonKind.Failed, None),
        Status.Cancelled when Abort == AbortCause.Deadline => (ReasonKind.DeadlinePassed, None),
        Status.Cancelled when rows[task.Index].Is(RowFlags.FailedAsWhole) => (ReasonKind.Stopped, FailureOf(task.Index)),
        Status.Cancelled when StoppedBy >= 0 => (ReasonKind.Stopped, FailureOf(StoppedBy)),
        Status.Cancelled => (ReasonKind.Cancelled, None),
        Status.Skipped when cell.Is(CellFlags.Guarded) => (ReasonKind.Guard, None),
        Status.Skipped when cell.Is(CellFlags.Refused) => (ReasonKind.Drained, None),
        Status.Skipped when cell.Is(CellFlags.Started) => (ReasonKind.SkippedByHost, None),
        Status.Skipped => (cell.Cause as string) switch
        {
            SkipReasons.DependencyFailed => (ReasonKind.DependencyFailed, Dependency(task, cell.Host, CellFlags.InFailure)),
            SkipReasons.NoDependenciesFailed => (ReasonKind.NoFailure, Dependency(task, cell.Host, CellFlags.InFailure)),
            SkipReasons.NoDependenciesChanged => (ReasonKind.NoChange, None),
            SkipReasons.NoDependenciesStarted => (ReasonKind.NotStarted, None),
            SkipReasons.HostDrained => (ReasonKind.Drained, None),
            SkipReasons.NotSelected => (ReasonKind.NotSelected, None),
            _ => (ReasonKind.NoHosts, None),
        },
        _ when task.RunsAlways => (ReasonKind.Always, None),
        _ when task.RequiresFailure => (ReasonKind.Recovery, Dependency(task, cell.Host, CellFlags.InFailure)),
        _ when task.RequiresChange => (ReasonKind.Changed, Dependency(task, cell.Host, CellFlags.Changed)),
        _ => (ReasonKind.Ready, None),
    };

    private static (int Task, int Cell) None => (-1, -1);

    // The first cell that a dependency has with the flag: on the host, if it has the host.
    private (int Task, int Cell) Dependency(PlanTask task, int host, CellFlags flag)
    {
        foreach (var dependency in task.DependencyList)
            foreach (var cell in Seen(dependency.Index, host))
                if (table[cell].Is(flag) && (host < 0 || table[cell].Host == host || !table[cell].Is(CellFlags.Excused)))
                    return (dependency.Index, cell);
        return None;
    }

    private (int Task, int Cell) FailureOf(int task)
    {
        for (var cell = rows[task].Start; cell < rows[task].End; cell++)
            if (table[cell].Status == Status.Failed)
                return (task, cell);
        return None;
    }

    private (int Task, int Cell) LastBefore(PlanTask task, int host)
    {
        var last = None;
        foreach (var dependency in task.DependencyList)
            foreach (var cell in Seen(dependency.Index, options.Flow == PlanFlow.Host ? host : -1))
                if (last.Cell < 0 || table[cell].EndedAt > table[last.Cell].EndedAt)
                    last = (dependency.Index, cell);
        return last;
    }

    // The cells of a task that a cell on a host looks at.
    private IEnumerable<int> Seen(int task, int host)
    {
        if (host >= 0 && table.Find(rows[task], host) is >= 0 and var there)
        {
            yield return there;
            yield break;
        }

        for (var cell = rows[task].Start; cell < rows[task].End; cell++)
            yield return cell;
    }

    private string? HostOf(int cell) => table[cell].Host < 0 ? null : table.NameOf(table[cell].Host);

    private static string TextOf(in Cell cell, ReasonKind kind) => cell.Cause switch
    {
        string text => text,
        Exception error when cell.Status == Status.Failed => cell.Last?.Reply.Error ?? error.Message,
        _ when cell.Last?.Reply is { Error: { Length: > 0 } error } => error,
        _ => kind switch
        {
            ReasonKind.Ready => "its dependencies had ended",
            ReasonKind.Changed => "a dependency changed something",
            ReasonKind.Recovery => "a dependency failed",
            ReasonKind.Always => "it always runs",
            ReasonKind.Stopped => "a failure stopped it",
            ReasonKind.Cancelled => "the run was cancelled",
            ReasonKind.DeadlinePassed => "the deadline passed",
            _ => "failed",
        },
    };
}
