using Osapi.Operations;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator.Engine;

internal sealed partial class PlanRun
{
    private void Start(int index)
    {
        var task = graph.Tasks[index];
        var call = NextDue(index) is { } next ? WithoutLostHosts(next) : FirstCall(task);
        if (rows[index].FirstAdmitted >= 0 || (due.Count > 0 && due.ContainsKey(index)))
            queued.Add(index);
        if (call is null)
            return;
        if (MayNotStart(call))
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
        var now = Clock.GetTimestamp();
        call.Start();
        rows[index].Calls++;
        foreach (var cell in call.Cells)
        {
            ref var started = ref table[cell];
            if (!started.Is(CellFlags.Started))
                started.StartedAt = now;
            started.Flags |= CellFlags.Started;
            started.Attempts = call.Item is null ? call.Attempt : Math.Max(started.Attempts, call.Attempt);
        }
    }

    private CellCall? NextDue(int task)
    {
        if (due.Count == 0 || !due.TryGetValue(task, out var calls))
            return null;
        var call = calls.Dequeue();
        if (calls.Count == 0)
            due.Remove(task);
        return call;
    }

    // Null when no cell is left to be called.
    private CellCall? FirstCall(PlanTask task)
    {
        ref var row = ref rows[task.Index];
        return task.RunsOnHosts ? FirstHostsCall(task, ref row) : FirstBodyCall(task, ref row);
    }

    private CellCall? FirstBodyCall(PlanTask task, ref TaskRow row)
    {
        row.FirstAdmitted = -1;
        var open = OpenCallOf(task, row.Start);
        if (open is not null && (task.RunsOnce || task.Operation is { Idempotency: Idempotency.NonIdempotent }))
        {
            FailUnknown(task, row.Start, open);
            return null;
        }

        var request = (task.Body as OperationBody)?.Request;
        if (task.RequestFactory is not null && !TryMakeRequest(task, row.Start, out request))
            return null;
        var made = RequestOf(request, out var item);
        if (request is ItemRequests all && HasBegun(task, row.Start))
        {
            if (!TryGoOn(task, row.Start, all, open, out item))
                return null;
            made = item.Item.Request;
        }

        var own = task.TimeLimit is null ? null : tokens.CreateFor(task, cells: 1);
        return table[row.Start].Call = open is null ? new(this, task, row.Start, own) { Request = made, Item = item } : new(this, task, row.Start, own, open) { Request = made, Item = item };
    }

    private HostsCall? FirstHostsCall(PlanTask task, ref TaskRow row)
    {
        var cells = JoinOpenCalls(task, table.TakeAll(ref row.FirstAdmitted));
        if (unreachable.Count > 0 || table.Drained.Count > 0)
            cells = WithoutLostHosts(task, cells);
        if (cells.Length == 0)
            return null;
        return task.RequestFactory is null ? MakeCall(task, cells, ((OperationBody)task.Body).Request!) : FirstOfGroups(task, cells);
    }

    private HostsCall MakeCall(PlanTask task, int[] cells, object request)
    {
        HostsCall call = new(this, task, cells, OwnToken(task, cells.Length)) { Hosts = HostsOf(cells), Request = RequestOf(request, out var item), Item = item };
        foreach (var cell in cells)
            table[cell].Call = call;
        return call;
    }

    private static object? RequestOf(object? request, out CallItem? item)
    {
        item = request is ItemRequests all ? new(all, all.Next(0)) : null;
        return item is null ? request : item.Item.Request;
    }

    // The run's own tokens do not stop a recovery whose task has failed as a whole.
    private CallToken? OwnToken(PlanTask task, int cells)
    {
        var mayStop = rows[task.Index].Count > 1 && (task.RequiresFailure || task.RunsAlways);
        return mayStop || task.TimeLimit is not null ? tokens.CreateFor(task, cells) : null;
    }

    /// <summary>Returns the hosts of cells; null while they are not known, so that the task's own target is called.</summary>
    private Target? HostsOf(ReadOnlySpan<int> cells)
    {
        if (table[cells[0]].Host < 0)
            return null;
        var names = new string[cells.Length];
        for (var cell = 0; cell < names.Length; cell++)
            names[cell] = table.NameOf(table[cells[cell]].Host);
        return Target.OfHosts(names);
    }

    private void Queue(CellCall call)
    {
        var task = call.Task.Index;
        if (!due.TryGetValue(task, out var calls))
            due.Add(task, calls = []);
        calls.Enqueue(call);
        queued.Add(task);
    }

    // Cells that wait for their turn or their next attempt end now, in plan order; running ones end by themselves.
    private void CancelWaiting()
    {
        foreach (var call in waiting.Keys.Where(MayNotStart).OrderBy(call => call.Task.Index).ToList())
            CancelCells(call);

        List<CellCall> remaining = [];
        List<int> unstarted = [];
        while (queued.TryTake(out var task))
        {
            while (NextDue(task) is { } call)
                if (MayNotStart(call))
                    CancelCells(call);
                else
                    remaining.Add(call);
            if (rows[task].FirstAdmitted is not (>= 0 and var first))
                continue;
            if (IsHalted(task, first))
                CancelAdmitted(task);
            else
                unstarted.Add(task);
        }

        remaining.ForEach(Queue);
        unstarted.ForEach(queued.Add);
    }

    // How a call ended that was open when the run was interrupted is known only by joining it.
    private bool MayNotStart(CellCall call) => call.Joined is null && IsHalted(call);

    private bool IsHalted(CellCall call) => IsHalted(call.Task.Index, call.Cells[0]);

    // Nothing is looked up while nothing has stopped.
    private bool IsHalted(int task, int cell) => (stopped || IsAborted || rows[task].Is(RowFlags.FailedAsWhole))
        && IsHalted(task, Look(graph.Tasks[task], table[cell].Host));

    private void CancelAdmitted(int task)
    {
        ref var row = ref rows[task];
        foreach (var cell in table.TakeAll(ref row.FirstAdmitted))
            EndCell(task, cell, Status.Cancelled);
    }

    // The cells of a call that will not start.
    private void CancelCells(CellCall call)
    {
        Abandon(call);
        foreach (var cell in call.Cells)
            EndCell(call, cell, Status.Cancelled, call.Error);
    }

    private void Abandon(CellCall call)
    {
        if (waiting.Remove(call, out var timer))
            timer.Dispose();
        endedAfterAbort |= IsAborted;
        foreach (var cell in call.Cells)
            table[cell].EndedAt = Clock.GetTimestamp();
    }
}
