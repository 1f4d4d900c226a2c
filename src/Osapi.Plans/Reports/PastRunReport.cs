using Osapi.Operations.Json;
using Osapi.Operations.Runs;

namespace Osapi.Plans.Reports;

/// <summary>Makes the report of a run from what a controller keeps of it: its record, its journal, and the results that its jobs still have.</summary>
internal static class PastRunReport
{
    private static readonly string[] Shown = ["changed", "unchanged", "skipped", "failed", "cancelled", RecordedCell.Running, "unknown", RecordedCell.NotRun];

    /// <summary>Returns the report.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cells">Its cells.</param>
    /// <param name="answers">The results of its jobs.</param>
    /// <param name="exitCode">The exit code that the command of the run had; null for a run that has not ended.</param>
    public static RunReport Of(RunDetail run, RecordedCells cells, RecordedAnswers answers, int? exitCode)
    {
        PastTasks builder = new(run, cells, answers);
        RecordedGraph graph = new(run.Tasks);
        var known = run.Tasks.DistinctBy(task => task.Name).ToDictionary(task => task.Name, StringComparer.Ordinal);
        List<TaskReport> tasks =
        [
            .. cells.NamesInOrderOf(run.Tasks).Select(name => builder.Of(name) with
            {
                Operation = known.GetValueOrDefault(name)?.Operation,
                Target = known.GetValueOrDefault(name)?.Target,
                SameAs = known.GetValueOrDefault(name)?.SameAs,
                DependsOn = graph.DependenciesOf(name),
                Level = graph.LevelOf(name),
            }).OrderBy(task => task.Level),
        ];
        var ends = tasks.Where(task => task.StartedMs is not null).ToDictionary(task => task.Name, task => (double?)(task.StartedMs!.Value + task.DurationMs), StringComparer.Ordinal);
        return new()
        {
            Format = RunReport.FormatName,
            Version = RunReport.NewestVersion,
            ExitCode = exitCode,
            Name = run.Plan,
            Run = run.Id.Value,
            Outcome = SnakeCaseName.Of(run.Status),
            Summary = SummaryOf(tasks, run.Owed.Count),
            StartedAt = builder.StartedAt,
            DurationMs = Math.Max(0, Math.Round(((run.Ended ?? cells.Last ?? builder.StartedAt) - builder.StartedAt).TotalMilliseconds)),
            Tasks = tasks,
            Owed = [.. run.Owed.Select(step => new OwedReport { Task = step.Task, Host = step.Host })],
            CriticalPath = graph.LongestChain(ends.GetValueOrDefault),
            Notes = [.. NotesOf(run, answers, builder)],
        };
    }

    private static string SummaryOf(IReadOnlyList<TaskReport> tasks, int owed)
    {
        var line = $"{tasks.Count} {(tasks.Count == 1 ? "task" : "tasks")}";
        foreach (var status in Shown)
            if (tasks.Count(task => task.Status == status) is > 0 and var count)
                line += $", {count} {status.Replace('_', ' ')}";
        return owed == 0 ? line : $"{line}, {owed} owed";
    }

    private static IEnumerable<string> NotesOf(RunDetail run, RecordedAnswers answers, PastTasks tasks)
    {
        if (run.Status == RunStatus.Running)
            yield return "The run goes on; this is what its journal had when the report was written.";
        if (run.Status == RunStatus.Interrupted)
            yield return "The run was interrupted and has not ended; it can be resumed.";
        if (run.SupersededBy is { } successor)
            yield return $"The run was interrupted, and run {successor} took its place.";
        if (tasks.Open > 0 && run.Status != RunStatus.Running)
            yield return $"The end of {tasks.Open} {(tasks.Open == 1 ? "call" : "calls")} is not in the journal: each is shown as its job ended, and as unknown where that is not known.";
        if (answers.Removed > 0)
            yield return $"{answers.Removed} of {answers.Count} jobs are no longer kept: the results of their hosts are missing.";
        if (answers.Forbidden > 0)
            yield return $"{answers.Forbidden} of {answers.Count} jobs are not for this caller: the results of their hosts are missing.";
        if (run.Tasks.Any(task => task.DependsOn is null))
            yield return "The record does not have the dependencies of the tasks: the graph shows only what reacts to a change.";
    }
}
