using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Plans.Reports;

/// <summary>The cells of a run as its journal has them: a fold over its messages.</summary>
internal sealed class RecordedCells
{
    // Under an empty name the one cell of a task without hosts, and a cell whose host is not known yet.
    private const string NoHost = "";

    private readonly Dictionary<string, SortedDictionary<string, RecordedCell>> tasks = new(StringComparer.Ordinal);

    /// <summary>The time of the first message.</summary>
    public DateTimeOffset? First { get; private set; }

    /// <summary>The time of the last message.</summary>
    public DateTimeOffset? Last { get; private set; }

    /// <summary>The jobs that have results of the cells.</summary>
    public IReadOnlyList<JobId> Jobs => [.. tasks.Values.SelectMany(cells => cells.Values).SelectMany(cell => cell.Answers).Select(entry => entry.JobId!.Value).Distinct()];

    public void Apply(JournalBatch batch)
    {
        First ??= batch.Timestamp;
        Last = batch.Timestamp;
        foreach (var entry in batch.Entries.Where(entry => entry.Task is not null))
            Apply(entry, entry.Task!, batch.Timestamp);
    }

    /// <summary>Returns the cells of a task by host, under an empty name that of a task without hosts; empty for a task that is not in the journal.</summary>
    public IReadOnlyDictionary<string, RecordedCell> Of(string task) => tasks.TryGetValue(task, out var cells) ? cells : new Dictionary<string, RecordedCell>();

    /// <summary>Returns the names of the tasks: those of the plan in its order, then others, which an earlier version of the plan had.</summary>
    public IEnumerable<string> NamesInOrderOf(IReadOnlyList<RunTask> plan) => plan.Select(task => task.Name).Concat(tasks.Keys).Distinct();

    private void Apply(JournalEntry entry, string task, DateTimeOffset time)
    {
        if (!tasks.TryGetValue(task, out var cells))
            tasks[task] = cells = new(StringComparer.OrdinalIgnoreCase);
        IReadOnlyList<string> hosts = entry.Hosts is { Count: > 0 } all ? all : [entry.Host ?? NoHost];
        if (entry.Kind == JournalEntryKind.Resolved && entry.Hosts is not { Count: > 0 })
            return;
        // The host of the cell was not known when it was called.
        if (hosts[0] != NoHost && cells.Remove(NoHost, out var unknown) && hosts.Count == 1)
            cells.TryAdd(hosts[0], unknown);
        // A task that takes any host has one cell, and may take another one when it is tried again.
        if (entry.Kind == JournalEntryKind.Call && hosts[0] == NoHost)
            cells.Clear();
        foreach (var host in hosts)
            (cells.GetValueOrDefault(host) ?? (cells[host] = new())).Apply(entry, time);
    }
}
