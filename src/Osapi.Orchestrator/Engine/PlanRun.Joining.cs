using Osapi.Operations;
using Osapi.Orchestrator.Execution;
using Osapi.Orchestrator.Runs;

namespace Osapi.Orchestrator.Engine;

// Calls that were recorded, and whose end was not when the run was interrupted.
internal sealed partial class PlanRun
{
    /// <summary>Returns the call of a cell that was open when the run was interrupted; null when there is none.</summary>
    private OpenCall? OpenCallOf(PlanTask task, int index) => recorder?.History.CallOf(task.Name, NameOfHost(table[index].Host));

    // The one cell of a task that takes any host goes on with the host that it had.
    private void GiveHost(PlanTask task, int index)
    {
        if (table[index].Host < 0 && task.Target?.Kind == TargetKind.Any && recorder?.History.OnlyHostOf(task.Name) is { } name)
            table[index].Host = table.HostOf(name);
    }

    // The reply of an attempt before the run was resumed is not known any more, but what it changed is.
    private HostAttempt? BeforeResume(CellCall call, in Cell cell) => recorder?.History.HasChanged(call.Task.Name, NameOfHost(cell.Host), call.Item?.Item.Key) != true ? null
        : new(new() { Hostname = NameOfHost(cell.Host) ?? "", Outcome = Outcome.Failed, Changed = true });

    /// <summary>Makes the calls that were open again, under the ids that their jobs have, and returns the other cells.</summary>
    private int[] JoinOpenCalls(PlanTask task, int[] cells)
    {
        if (recorder is null)
            return cells;
        if (task.HasItems)
            return ResumeItems(task, cells);
        foreach (var group in cells.GroupBy(cell => OpenCallOf(task, cell)).Where(group => group.Key is not null).OrderBy(group => group.First()))
        {
            int[] joined = [.. group];
            object? request;
            Exception? problem = null;
            try
            {
                request = task.RequestFactory is null ? ((OperationBody)task.Body).Request : task.RequestFactory(ResultsFor(task, RequestHost(task, joined[0])), NameOfHost(RequestHost(task, joined[0])));
            }
            catch (Exception exception)
            {
                // The job may exist, and then needs none.
                (request, problem) = (null, exception);
            }

            HostsCall call = new(this, task, joined, OwnToken(task, joined.Length), group.Key!)
            {
                Hosts = group.Key!.Hosts is { } hosts ? Target.OfHosts([.. hosts]) : null,
                Request = request,
                RequestProblem = problem,
            };
            foreach (var cell in joined)
                table[cell].Call = call;
            Queue(call);
        }

        return [.. cells.Where(cell => OpenCallOf(task, cell) is null)];
    }
}
