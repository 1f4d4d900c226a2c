using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs;

/// <summary>The cells of a run as its journal has them: what changed, what ended well, and which calls have no end.</summary>
/// <remarks>A host is empty for the one cell of a task that does not run on hosts, and while the host of a cell is not known.</remarks>
internal sealed class JournalCells
{
    /// <summary>The flag of a cell whose own guard decided against it.</summary>
    public const string Guarded = "guarded";

    private readonly Dictionary<string, HashSet<string>> hosts = [];
    private readonly Dictionary<(string Task, string Host), long> changed = [];
    private readonly Dictionary<(string Task, string Host), long> settled = [];
    private readonly Dictionary<(string Task, string Host), List<(JobId Job, long Position)>> calls = [];

    /// <summary>Reads a journal.</summary>
    /// <param name="journal">The messages, in order.</param>
    public JournalCells(IEnumerable<(long Position, RunMessage Message)> journal)
    {
        foreach (var (position, message) in journal)
            foreach (var entry in message.Entries.Where(entry => entry.Task is not null))
                Add(entry, entry.Task!, position);
    }

    /// <summary>The jobs of the calls that have no end.</summary>
    public IReadOnlyCollection<JobId> OpenJobs => [.. calls.Values.SelectMany(open => open).Select(call => call.Job).Distinct()];

    /// <summary>Applies what a host answered to a call that has no end in the journal.</summary>
    public void Apply(JobId job, string host, bool hasChanged, bool isOk)
    {
        foreach (var ((task, known), open) in calls)
            if (known == host || known.Length == 0)
                foreach (var call in open.Where(call => call.Job == job))
                {
                    if (known.Length == 0)
                        HostsOf(task).Add(host);
                    if (hasChanged)
                        Set(changed, (task, host), call.Position);
                    if (isOk)
                        Set(settled, (task, host), call.Position);
                }
    }

    /// <summary>Gets the hosts of a task; empty for one that does not run on hosts, or whose hosts are not known.</summary>
    public IReadOnlyCollection<string> HostsOfTask(string task) => hosts.TryGetValue(task, out var known) ? known : [];

    /// <summary>Gets the position of the last change of a task as a cell of another one sees it: on its host if the task has it, otherwise on any. 0 without one.</summary>
    public long ChangeOf(string task, string host) => host.Length > 0 && HostsOfTask(task).Contains(host)
        ? changed.GetValueOrDefault((task, host))
        : changed.Where(cell => cell.Key.Task == task).Select(cell => cell.Value).DefaultIfEmpty().Max();

    /// <summary>Gets the position at which a cell last ended well, or its own guard decided against it; 0 when neither.</summary>
    public long SettledAt(string task, string host) => settled.GetValueOrDefault((task, host));

    private void Add(JournalEntry entry, string task, long position)
    {
        var host = entry.Host ?? "";
        switch (entry.Kind)
        {
            case JournalEntryKind.Resolved:
                HostsOf(task).UnionWith(entry.Hosts ?? []);
                break;
            case JournalEntryKind.Call when entry.JobId is { } job:
                foreach (var called in entry.Hosts is { Count: > 0 } list ? list : [host])
                    AddCall(task, called, job, position);
                // By the task's own conditions, which only the runner can ask.
                foreach (var before in entry.ChangedHosts ?? [])
                    Set(changed, (task, before), position);
                break;
            case JournalEntryKind.Ended:
                if (host.Length > 0)
                    HostsOf(task).Add(host);
                calls.Remove((task, host));
                // The host of the cell was not known when it was called.
                calls.Remove((task, ""));
                if (entry.Changed is true || entry.Status == "changed")
                    Set(changed, (task, host), position);
                if (entry.Status is "changed" or "unchanged" || entry.Flags.Contains(Guarded))
                    Set(settled, (task, host), position);
                break;
        }
    }

    private void AddCall(string task, string host, JobId job, long position)
    {
        if (host.Length > 0)
            HostsOf(task).Add(host);
        if (!calls.TryGetValue((task, host), out var open))
            calls[(task, host)] = open = [];
        open.Add((job, position));
    }

    private HashSet<string> HostsOf(string task) => hosts.TryGetValue(task, out var known) ? known : hosts[task] = [];

    private static void Set(Dictionary<(string Task, string Host), long> cells, (string Task, string Host) cell, long position) =>
        cells[cell] = Math.Max(cells.GetValueOrDefault(cell), position);
}
