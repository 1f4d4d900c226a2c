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
    public JournalEntry? AnyEndOf(string task) => ends.FirstOrDefault(end => end.Key.Task == task).Value;

    /// <summary>Returns the call of a cell that was made, or was about to be made, and whose end is not recorded; null when there is none.</summary>
    public OpenCall? CallOf(string task, string? host) => calls.GetValueOrDefault((task, host ?? "")) ?? calls.GetValueOrDefault((task, ""));

    /// <summary>Returns the items of a cell; null when they are not recorded.</summary>
    public ItemHistory? ItemsOf(string task, string? host) => items.GetValueOrDefault((task, host ?? "")) ?? items.GetValueOrDefault((task, ""));

    /// <summary>Returns the hosts of a task; null when they are not recorded.</summary>
    public IReadOnlyList<string>? HostsOf(string task) => hosts.GetValueOrDefault(task);

    public bool TryGetGuard(string task, int guard, out string? refusal) => guards.TryGetValue((task, guard), out refusal);

    /// <summary>True when a cell that will run again has changed something before.</summary>
    public bool HasChanged(string task, string? host) => changed.Contains((task, host ?? ""));

    /// <summary>Forgets the ends of cells that are to run again, and of those of their items that did not succeed. What they changed still counts.</summary>
    public void Reopen(Func<JournalEntry, bool> isReopened)
    {
        foreach (var (cell, end) in ends.Where(end => isReopened(end.Value)).ToList())
        {
            ends.Remove(cell);
            ItemsOf(cell.Task, cell.Host)?.Reopen(isReopened);
            if (end.Changed == true)
                changed.Add(cell);
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
                OpenCall call = new(task, entry.Hosts, attempt, entry.JobId, time) { Item = entry.Item };
                foreach (var host in entry.Hosts ?? [""])
                {
                    calls[(task, host)] = call;
                    ends.Remove((task, host));
                }

                break;
            case { Kind: JournalEntryKind.Expanded, Task: { } task }:
                items[(task, entry.Host ?? "")] = new(entry.Items, items.GetValueOrDefault((task, entry.Host ?? "")));
                break;
            case { Kind: JournalEntryKind.Ended, Task: { } task, Item: not null }:
                ItemsOf(task, entry.Host)?.Add(entry);
                RemoveCall(task, entry);
                break;
            case { Kind: JournalEntryKind.Ended, Task: { } task }:
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
