using Osapi.Orchestrator;

namespace Osapi.Cli.Rendering.Reports;

/// <summary>The line about the time of a run, with the chain of tasks that took it.</summary>
internal static class CriticalPath
{
    // Of a longer chain the longest tasks are named.
    private const int MaxTasks = 5;

    /// <summary>Returns the time of the run and its chain: <c>12.3 s; longest chain: prepare 1.0 s, ..., migrate 8.1 s</c>.</summary>
    public static string Text(Report report)
    {
        var chain = report.CriticalPath;
        if (chain.Count < 2)
            return $"took {ReadableValues.Duration(report.Duration)}";
        var shown = chain.OrderByDescending(task => task.Duration).Take(MaxTasks).ToHashSet();
        List<string> steps = [];
        foreach (var task in chain)
            if (shown.Contains(task))
                steps.Add($"{task.Name} {ReadableValues.Duration(task.Duration)}");
            else if (steps.Count == 0 || steps[^1] != "...")
                steps.Add("...");
        return $"took {ReadableValues.Duration(report.Duration)}; longest chain: {string.Join(" > ", steps)}";
    }
}
