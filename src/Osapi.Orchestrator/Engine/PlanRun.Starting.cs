using Osapi.Operations;

namespace Osapi.Orchestrator.Engine;

internal sealed partial class PlanRun
{
    private void Start(int index)
    {
        var task = graph.Tasks[index];
        var call = NextDue(index) ?? FirstCall(task);
        if (rows[index].FirstAdmitted >= 0 || (due.Count > 0 && due.ContainsKey(index)))
            queued.Add(index);
        if (IsHalted(call))
        {
            CancelCells(call);
            return;
        }

        if (!rows[index].Is(RowFlags.Begun))
        {
            rows[index].Flags |= RowFlags.Begun;
            levels?.Begin(graph.LevelOf[index]);
            hooks.BeforeTask(task);
        }

        running++;
        call.Start();
        rows[index].Flags |= RowFlags.Started;
        foreach (var cell in call.Cells)
        {
            ref var started = ref table[cell];
            if (!started.Is(CellFlags.Started))
                started.StartedAt = call.StartedAt;
            started.Flags |= CellFlags.Started;
            started.Attempts = call.Attempt;
        }
    }

    private CellCall? NextDue(int task)
    {
        if (due.Count == 0 || !due.TryGetValue(task, out var calls))
            return null;
        var call = calls[0];
        calls.RemoveAt(0);
        if (calls.Count == 0)
            due.Remove(task);
        return call;
    }

    private CellCall FirstCall(PlanTask task)
    {
        ref var row = ref rows[task.Index];
        var token = tokens.For(task);
        CellCall call;
        if (row.Count == 1)
        {
            call = new(this, task, row.FirstAdmitted, token);
            row.FirstAdmitted = -1;
        }
        else
        {
            call = new(this, task, table.TakeAll(ref row.FirstAdmitted), token);
            // The run's own tokens do not stop a recovery whose task has failed as a whole.
            if (task.RequiresFailure || task.RunsAlways)
                call.MakeCancellable();
        }

        foreach (var cell in call.Cells)
            table[cell].Call = call;
        call.Hosts = HostsOf(call);
        return call;
    }

    /// <summary>Returns the hosts of a call's cells; null while they are not known, so that the task's own target is called.</summary>
    private Target? HostsOf(CellCall call)
    {
        if (table[call.Cells[0]].Host < 0)
            return null;
        var names = new string[call.Cells.Length];
        for (var cell = 0; cell < names.Length; cell++)
            names[cell] = table.NameOf(table[call.Cells[cell]].Host);
        return Target.OfHosts(names);
    }

    private void Queue(CellCall call)
    {
        var task = call.Task.Index;
        if (!due.TryGetValue(task, out var calls))
            due.Add(task, calls = []);
        calls.Add(call);
        queued.Add(task);
    }

    // Cells that wait for their turn or their next attempt end now, in plan order; running ones end by themselves.
    private void CancelWaiting()
    {
        foreach (var call in waiting.Where(IsHalted).OrderBy(call => call.Task.Index).ToList())
        {
            waiting.Remove(call);
            CancelCells(call);
        }

        List<CellCall> remaining = [];
        while (queued.TryTake(out var task))
        {
            List<CellCall> calls = [];
            while (NextDue(task) is { } call)
                calls.Add(call);
            if (rows[task].FirstAdmitted >= 0)
                calls.Add(FirstCall(graph.Tasks[task]));
            foreach (var call in calls)
                if (IsHalted(call))
                    CancelCells(call);
                else
                    remaining.Add(call);
        }

        remaining.ForEach(Queue);
    }

    // Nothing is looked up while nothing has stopped.
    private bool IsHalted(CellCall call) => (stopped || IsAborted || rows[call.Task.Index].Is(RowFlags.FailedAsWhole))
        && IsHalted(call.Task.Index, Look(call.Task, table[call.Cells[0]].Host));

    // The cells of a call that will not start.
    private void CancelCells(CellCall call)
    {
        Abandon(call);
        foreach (var cell in call.Cells)
            EndCell(call, cell, Status.Cancelled, call.PreviousError);
    }

    private void Abandon(CellCall call)
    {
        call.Abandon();
        endedAfterAbort |= IsAborted;
        foreach (var cell in call.Cells)
            table[cell].EndedAt = Clock.GetTimestamp();
    }
}
