using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs;

/// <summary>Computes what an interrupted run owes.</summary>
/// <remarks>
/// A cell is owed when a task that it reacts to has changed (on its host, or anywhere if the task does not have it), and the cell has neither
/// ended well since nor been decided against by its own guard. What the run took over and did not do is owed as before.
/// </remarks>
internal static class OwedSteps
{
    /// <summary>Computes the steps.</summary>
    /// <param name="run">The run.</param>
    /// <param name="tasks">Its tasks.</param>
    /// <param name="taken">The steps that it got from earlier runs.</param>
    /// <param name="cells">Its cells, with the answers to calls that have no end.</param>
    public static IReadOnlyList<OwedStep> Of(JournalState run, IReadOnlyList<RunTask> tasks, IReadOnlyList<OwedStep> taken, JournalCells cells)
    {
        List<OwedStep> owed = [.. taken.Where(step => cells.SettledAt(step.Task, step.Host ?? "") == 0).Select(step => step with { TakenBy = null })];
        var known = owed.Select(step => (step.Task, step.Host ?? "")).ToHashSet();
        foreach (var task in tasks.Where(task => task.ReactsTo.Count > 0))
            foreach (var host in HostsOf(task, cells))
                if (task.ReactsTo.Max(cause => cells.ChangeOf(cause, host)) is var change && change > cells.SettledAt(task.Name, host) && known.Add((task.Name, host)))
                    owed.Add(new() { Task = task.Name, Host = host.Length > 0 ? host : null, Operation = task.Operation, Run = run.Id, Caller = run.Caller, Since = run.Updated });
        return owed;
    }

    // A task whose hosts were never resolved has those on which it would have had a cause.
    private static IEnumerable<string> HostsOf(RunTask task, JournalCells cells)
    {
        if (cells.HostsOfTask(task.Name) is { Count: > 0 } hosts)
            return hosts;
        var causes = task.ReactsTo.SelectMany(cells.HostsOfTask).Distinct().ToList();
        return causes.Count > 0 && OperationCatalog.Default.TryFind(task.Operation ?? "", out var operation) && operation.RunsOn == RunsOn.Host ? causes : [""];
    }
}
