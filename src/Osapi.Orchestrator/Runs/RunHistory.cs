using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Runs;

/// <summary>The content of the journal of a run: how its cells have ended, and which calls are open.</summary>
internal sealed class RunHistory
{
    private readonly Dictionary<(string Task, string Host), JournalEntry> ends = new(CellComparer.Instance);
    private readonly Dictionary<(string Task, string Host), OpenCall> calls = new(CellComparer.Instance);
    private readonly Dictionary<string, IReadOnlyList<string>> hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Task, int Guard), string?> guards = [];
    private readonly Dictionary<(string Task, string Host), ItemHistory> items = new(CellComparer.Instance);
    private readonly HashSet<(string Task, string Host)> changed = new(CellComparer.Instance);

    // Of tasks whose one cell takes any host.
    private readonly Dictionary<string, string> onlyHosts = new(StringComparer.Ordinal);

    /// <summary>True when the run has ended, and has not begun again since.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The ends of cells and of their items.</summary>
    public IEnumerable<JournalEntry> Ends => ends.Values.Concat(items.Values.SelectMany(cell => cell.Ends));

    public void Add(JournalBatch batch)
    {
        foreach (var entry in batch.Entries)
            Add(entry, batch.Timestamp);
    }

    /// <summary>Returns the end of a cell; null when it has not ended.</summary>
    public JournalEntry? EndOf(string task, string? host) => ends.GetValueOrDefault((task, host ?? ""));

    /// <summary>Returns the ends of a task whose hosts were not known before it ran.</summary>
    public JournalEntry? AnyEndOf(string task) => EndOf(task, OnlyHostOf(task)) ?? EndOf(task, host: null);

    /// <summary>Returns the call of a cell that was made, or was about to be made, and whose end is not recorded; null when there is none.</summary>
    public OpenCall? CallOf(string task, string? host) => calls.GetValueOrDefault((task, host ?? "")) ?? calls.GetValueOrDefault((task, ""));

    /// <summary>Returns the items of a cell; null when they are not recorded.</summary>
    public ItemHistory? ItemsOf(string task, string? host) => items.GetValueOrDefault((task, host ?? "")) ?? items.GetValueOrDefault((task, ""));

    /// <summary>Returns the hosts of a task; null when they are not recorded.</summary>
    public IReadOnlyList<string>? HostsOf(string task) => hosts.GetValueOrDefault(task);

    /// <summary>
    /// Returns the host of the one cell of a task that takes any: the one that it has begun on, and has changed if it is tried again. Null when the cell may take another one.
    /// </summary>
    public string? OnlyHostOf(string task) => onlyHosts.GetValueOrDefault(task);

    public bool TryGetGuard(string task, int guard, out string? refusal) => guards.TryGetValue((task, guard), out refusal);

    /// <summary>True when an earlier attempt of a cell that has not ended, or of its item, has changed something.</summary>
    public bool HasChanged(string task, string? host, string? item = null) => changed.Count > 0 && changed.Contains((PartOf(task, item), host ?? ""));

    /// <summary>Forgets the ends of cells that are to run again, and of those of their items that did not succeed. What they changed still counts.</summary>
    public void Reopen(Func<JournalEntry, bool> isReopened)
    {
        foreach (var (cell, end) in ends.Where(end => isReopened(end.Value)).ToList())
        {
            RemoveEnd(cell);
            ItemsOf(cell.Task, cell.Host)?.Reopen(isReopened);
            if (end.Changed != true && ItemsOf(cell.Task, cell.Host) is null)
                onlyHosts.Remove(cell.Task);
            foreach (var guard in guards.Keys.Where(guard => guard.Task == cell.Task).ToList())
                guards.Remove(guard);
        }
    }

    private void Add(JournalEntry entry, DateTimeOffset time)
    {
        switch (entry)
        {
            case { Kind: JournalEntryKind.Resolved, Task: { } task, Hosts: { } names }:
                hosts[task] = names;
                break;
            case { Kind: JournalEntryKind.Call, Task: { } task, Attempt: { } attempt }:
                Add(new OpenCall(task, entry.Hosts, attempt, entry.JobId, time) { Item = entry.Item }, entry);
                break;
            case { Kind: JournalEntryKind.Expanded, Task: { } task }:
                // By the host that the cell has got since, or had before.
                items[(task, entry.Host ?? "")] = new(entry.Items, ItemsOf(task, entry.Host ?? OnlyHostOf(task)));
                break;
            case { Kind: JournalEntryKind.Ended, Task: { } task, Item: not null }:
                if (entry.Host is not null)
                    onlyHosts[task] = entry.Host;
                ItemsOf(task, entry.Host)?.Add(entry);
                RemoveCall(task, entry);
                break;
            case { Kind: JournalEntryKind.Ended, Task: { } task }:
                if (entry.Host is not null)
                    onlyHosts[task] = entry.Host;
                ends[(task, entry.Host ?? "")] = entry;
                RemoveCall(task, entry);
                break;
            case { Kind: JournalEntryKind.Guard, Task: { } task, Attempt: { } guard }:
                guards[(task, guard)] = entry.Reason;
                break;
            case { Kind: JournalEntryKind.Over }:
                IsOver = true;
                break;
            case { Kind: JournalEntryKind.Takeover }:
                IsOver = false;
                break;
        }
    }

    private void Add(OpenCall call, JournalEntry entry)
    {
        // The one cell of a task had a host before, or its host was not known.
        if (call.Hosts is null && OnlyHostOf(call.Task) is { } before)
            Replace((call.Task, before));
        else if (call.Hosts is not null)
            Replace((call.Task, ""));
        foreach (var host in call.Hosts ?? [""])
        {
            Replace((call.Task, host));
            calls[(call.Task, host)] = call;
        }

        if (call.Hosts is [.., var last])
            onlyHosts[call.Task] = last;
        foreach (var host in call.Hosts is null && entry.Changed == true ? [""] : entry.ChangedHosts ?? [])
        {
            changed.Add((call.Task, host));
            changed.Add((PartOf(call.Task, call.Item), host));
        }
    }

    private void Replace((string Task, string Host) cell)
    {
        calls.Remove(cell);
        RemoveEnd(cell);
    }

    // What it changed still counts.
    private void RemoveEnd((string Task, string Host) cell)
    {
        if (ends.Remove(cell, out var end) && end.Changed == true)
            changed.Add(cell);
    }

    // No name has the separator.
    private static string PartOf(string task, string? item) => item is null ? task : $"{task}\0{item}";

    // An item that is skipped does not end the call of another one.
    private void RemoveCall(string task, JournalEntry end)
    {
        foreach (var host in new[] { end.Host, "" })
            if (host is not null && calls.TryGetValue((task, host), out var call) && (end.Item is null || end.Item == call.Item))
            {
                calls.Remove((task, host));
                return;
            }
    }

    // The names of hosts have no case.
    private sealed class CellComparer : IEqualityComparer<(string Task, string Host)>
    {
        public static readonly CellComparer Instance = new();

        public bool Equals((string Task, string Host) one, (string Task, string Host) other) =>
            one.Task == other.Task && one.Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((string Task, string Host) cell) => HashCode.Combine(cell.Task, cell.Host.GetHashCode(StringComparison.OrdinalIgnoreCase));
    }
}
