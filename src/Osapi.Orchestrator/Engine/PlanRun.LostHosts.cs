using System.Globalization;
using Osapi.Operations;

namespace Osapi.Orchestrator.Engine;

// Hosts that take no more work during the run: drained ones, and those that did not answer a sign of life.
internal sealed partial class PlanRun
{
    // Another task has waited for these hosts in vain, or was refused; this one does not ask again.
    private int[] WithoutLostHosts(PlanTask task, int[] cells)
    {
        List<int> remaining = [];
        foreach (var index in cells)
        {
            var host = table[index].Host;
            if (table.Drained.Contains(host))
                Skip(task.Index, index, SkipReasons.HostDrained, Look(task, host));
            else if (unreachable.TryGet(host, out var since))
                FailUnreachable(task, index, since);
            else
                remaining.Add(index);
        }

        return [.. remaining];
    }

    // A call that has waited for its turn: its hosts may be lost by now. Null when none of them is left.
    private CellCall? WithoutLostHosts(CellCall call)
    {
        if (call is not HostsCall { Attempt: 0 } hosts || (unreachable.Count == 0 && table.Drained.Count == 0))
            return call;
        var cells = WithoutLostHosts(call.Task, [.. call.Cells]);
        if (cells.Length == call.Cells.Length)
            return call;
        foreach (var index in call.Cells.ToArray().Except(cells))
        {
            table[index].Call = null;
            call.OwnToken?.CellEnded();
        }

        if (cells.Length == 0)
            return null;
        hosts.Replace(cells);
        hosts.Hosts = HostsOf(cells);
        return hosts;
    }

    private void FailUnreachable(PlanTask task, int index, long since)
    {
        var error = string.Create(CultureInfo.InvariantCulture, $"host unreachable since {At(since):HH:mm:ss}");
        table[index].Last = new(new() { Hostname = table.NameOf(table[index].Host), Outcome = Outcome.Expired, Error = error, ErrorType = ErrorType.Expired, Reachable = false });
        EndCell(task.Index, index, Status.Failed, new TaskFailedException(error));
    }

    // Nothing has started there, and the host counts as drained until the run ends: otherwise, after an undrain, a later task would run
    // there without the ones before it.
    private void Refuse(CellCall call, ref Cell cell)
    {
        table.Drained.Add(cell.Host);
        cell.Flags |= CellFlags.Refused;
        if (--cell.Attempts == 0)
            cell.Flags = (cell.Flags & ~CellFlags.Started) | FailureBefore(Look(call.Task, cell.Host));
    }
}
