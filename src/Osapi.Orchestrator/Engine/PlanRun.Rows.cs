using Osapi.Operations;
using Osapi.Operations.Targets;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator.Engine;

internal sealed partial class PlanRun
{
    private void SetUpRows(PlanHosts hosts)
    {
        for (var task = 0; task < rows.Length; task++)
        {
            rows[task] = new() { Start = task, Count = 1, WaitsFor = graph.WaitsFor[task], LastDependency = -1, FirstReady = -1, FirstAdmitted = -1 };
            if (hosts.Of(graph.Tasks[task]) is { } resolved)
                SetUpHosts(task, resolved);
        }

        if (Plan.Options.Flow != PlanFlow.Host)
            return;
        foreach (var task in graph.Order)
            if (graph.Tasks[task].SameHostsAs is { } origin && rows[origin.Index].Is(RowFlags.Resolved))
                CopyHosts(task, origin.Index);
        flow = new(graph, rows, table);
    }

    // Which of them count is known when the cells of the other task have ended.
    private void CopyHosts(int task, int origin)
    {
        ref var row = ref rows[task];
        var hosts = new int[rows[origin].Count];
        for (var cell = 0; cell < hosts.Length; cell++)
            hosts[cell] = table[rows[origin].Start + cell].Host;
        table.Allocate(ref row, hosts);
        row.Flags |= RowFlags.Resolved;
    }

    private void SetUpHosts(int task, IReadOnlyList<ResolvedHost> hosts)
    {
        ref var row = ref rows[task];
        if (hosts.Count == 0)
        {
            row.Flags |= RowFlags.Empty;
            return;
        }

        // An _any task is one cell, whose host is known when it has started, or here when the run is limited.
        if (graph.Tasks[task].Target?.Kind == TargetKind.Any)
        {
            if (selection.FirstOf(hosts) is not { } only)
                return;
            hosts = [only];
        }

        row.Flags |= RowFlags.Resolved;
        table.Allocate(ref row, [.. hosts.Select(host => table.HostOf(host.Hostname))]);
        foreach (var host in hosts.Where(host => host.Drained))
            table.Drained.Add(table.HostOf(host.Hostname));
    }

    /// <summary>Gives a task the hosts on which a cell of another task started.</summary>
    private void TakeHosts(int task, PlanTask origin)
    {
        ref var row = ref rows[task];
        ref var source = ref rows[origin.Index];
        List<int> hosts = [];
        for (var cell = source.Start; cell < source.End; cell++)
            if (table[cell].Host >= 0 && (table[cell].Is(CellFlags.Started) || !selection.Has(origin)))
                hosts.Add(table[cell].Host);
        if (hosts.Count == 0)
            row.Flags |= RowFlags.Empty;
        else
            table.Allocate(ref row, hosts.ToArray());
    }

    /// <summary>Gives a task whose hosts were not known the hosts of its first answer.</summary>
    private void TakeHosts(CellCall call, HostAnswer answer)
    {
        ref var row = ref rows[call.Task.Index];
        var before = table[row.Start];
        if (call.Task.Target?.Kind == TargetKind.Any)
        {
            if (answer.Hosts is [{ Reply.Hostname: { Length: > 0 } name }])
                table[row.Start].Host = table.HostOf(name);
            return;
        }

        int[] hosts = [.. answer.Hosts.Where(host => host.Reply.Hostname.Length > 0).Select(host => table.HostOf(host.Reply.Hostname)).Distinct()];
        if (hosts.Length == 0)
            return;
        table.Allocate(ref row, hosts);
        for (var cell = row.Start; cell < row.End; cell++)
            table[cell] = before with { Host = table[cell].Host };
    }

    /// <summary>Returns the state of the dependencies of a cell on a host, or of a task without hosts.</summary>
    private Before Look(PlanTask task, int host)
    {
        Before before = default;
        var (hasHost, startedThere, started) = (false, false, false);
        foreach (var dependency in task.DependencyList)
        {
            ref var row = ref rows[dependency.Index];
            if (host >= 0 && table.Find(row, host) is >= 0 and var index)
            {
                ref var cell = ref table[index];
                hasHost = true;
                startedThere |= cell.Is(CellFlags.Started);
                before.InFailure |= cell.Is(CellFlags.InFailure);
                before.Unexcused |= cell.Is(CellFlags.InFailure) && !cell.Is(CellFlags.Excused);
                before.ItselfFailed |= cell.Status == Status.Failed && cell.Is(CellFlags.Started);
                before.Changed |= cell.Is(CellFlags.Changed);
            }
            else
            {
                started |= row.Is(RowFlags.Started);
                before.InFailure |= row.Is(RowFlags.InFailure);
                before.Unexcused |= row.Is(RowFlags.InFailure);
                before.ItselfFailed |= row.Is(RowFlags.ItselfFailed);
                before.Changed |= row.Is(RowFlags.Changed);
            }
        }

        before.Started = hasHost ? startedThere : started;
        before.Changed |= task.RequiresChange && recorder?.IsOwed(task, NameOfHost(host)) == true;
        return before;
    }
}
