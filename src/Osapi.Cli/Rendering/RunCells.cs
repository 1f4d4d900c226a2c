using Osapi.Operations.Runs;

namespace Osapi.Cli.Rendering;

/// <summary>The cells of a run as its journal has them.</summary>
internal sealed class RunCells
{
    private readonly Dictionary<string, SortedDictionary<string, RunCell>> tasks = [];

    /// <summary>Applies an entry of the journal.</summary>
    public void Apply(JournalEntry entry)
    {
        if (entry.Task is not { } task)
            return;
        if (!tasks.TryGetValue(task, out var cells))
            tasks[task] = cells = new(StringComparer.Ordinal);
        if (entry.Kind == JournalEntryKind.Call)
            foreach (var host in entry.Hosts is { Count: > 0 } hosts ? hosts : [entry.Host ?? ""])
                cells[host] = new("running", null);
        else if (entry.Kind == JournalEntryKind.Ended)
        {
            // The host of the cell was not known when it was called.
            if (entry.Host is not null && cells.GetValueOrDefault("")?.Status == "running")
                cells.Remove("");
            cells[entry.Host ?? ""] = new(entry.Status ?? "unknown", entry.Reason);
        }
    }

    /// <summary>Gets the tasks with their cells: those of the plan in its order, then others.</summary>
    public IEnumerable<(string Task, IReadOnlyDictionary<string, RunCell> Cells)> InOrderOf(IReadOnlyList<RunTask> plan) =>
        plan.Select(task => task.Name).Concat(tasks.Keys).Distinct().Where(task => tasks.GetValueOrDefault(task) is { Count: > 0 }).Select(task => (task, (IReadOnlyDictionary<string, RunCell>)tasks[task]));
}

/// <summary>A cell of a run.</summary>
/// <param name="Status">The status: that of its end, or <c>running</c>.</param>
/// <param name="Reason">The reason of the status; null without one.</param>
internal sealed record RunCell(string Status, string? Reason);
