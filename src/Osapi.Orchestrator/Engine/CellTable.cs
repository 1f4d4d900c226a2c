namespace Osapi.Orchestrator.Engine;

/// <summary>The cells of a run and the names of its hosts. The cells of a task are adjacent and sorted by host.</summary>
internal sealed class CellTable(int tasks)
{
    private readonly Dictionary<string, int> indexes = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> names = [];
    private Cell[] cells = CreateCells(tasks);

    // For a cell of a list the cell that follows it, plus one; 0 for the last.
    private int[] next = [];

    // The first cells are one for each task.
    private int count = tasks;

    public int Count => count;

    public ref Cell this[int cell] => ref cells[cell];

    /// <summary>The hosts that were drained when the run began, and those for which a cell was refused since then.</summary>
    public HashSet<int> Drained { get; } = [];

    public string NameOf(int host) => names[host];

    /// <summary>Returns the index of a host, adding it if it is new.</summary>
    public int HostOf(string name)
    {
        if (!indexes.TryGetValue(name, out var host))
        {
            indexes.Add(name, host = names.Count);
            names.Add(name);
        }

        return host;
    }

    public bool Knows(string name, out int host) => indexes.TryGetValue(name, out host);

    /// <summary>Finds the cell of a task on a host; -1 when it has none there.</summary>
    public int Find(in TaskRow row, int host)
    {
        var (low, high) = (row.Start, row.End - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = cells[middle].Host;
            if (found == host)
                return cells[middle].Is(CellFlags.Absent) ? -1 : middle;
            if (found < host)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return -1;
    }

    /// <summary>Adds a cell for each host. The row may have been given cells before, which no longer count.</summary>
    public void Allocate(ref TaskRow row, ReadOnlySpan<int> hosts)
    {
        if (count + hosts.Length > cells.Length)
        {
            Array.Resize(ref cells, Math.Max(count + hosts.Length, cells.Length * 2));
            Array.Resize(ref next, cells.Length);
        }

        (row.Start, row.Count) = (count, hosts.Length);
        foreach (var host in hosts)
            cells[count++] = new() { Host = host };
        cells.AsSpan(row.Start, row.Count).Sort(static (one, other) => one.Host.CompareTo(other.Host));
    }

    /// <summary>Adds a cell to a list, of which the row holds the first.</summary>
    public void Push(ref int first, int cell)
    {
        // Only a task with several cells has a successor to remember.
        if (next.Length > 0)
            next[cell] = first + 1;
        first = cell;
    }

    /// <summary>Empties a list; its cells are returned in their order.</summary>
    public int[] TakeAll(ref int first)
    {
        List<int> taken = [];
        for (; first >= 0; first = next.Length > 0 ? next[first] - 1 : -1)
            taken.Add(first);
        taken.Sort();
        return [.. taken];
    }

    private static Cell[] CreateCells(int tasks)
    {
        var cells = new Cell[tasks];
        for (var task = 0; task < tasks; task++)
            cells[task].Host = -1;
        return cells;
    }
}
