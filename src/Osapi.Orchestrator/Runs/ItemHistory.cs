using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Runs;

/// <summary>The items of a cell as the journal has them.</summary>
/// <param name="keys">The keys, in order.</param>
/// <param name="before">What is known of the items from before they were made again; null for nothing.</param>
internal sealed class ItemHistory(IReadOnlyList<string> keys, ItemHistory? before)
{
    private readonly Dictionary<string, JournalEntry> ends = before is null ? new(StringComparer.Ordinal) : new(before.ends, StringComparer.Ordinal);

    public IReadOnlyList<string> Keys => keys;

    public IEnumerable<JournalEntry> Ends => ends.Values;

    public void Add(JournalEntry end) => ends[end.Item!] = end;

    /// <summary>Returns the end of an item; null when it has not ended.</summary>
    public JournalEntry? EndOf(string key) => ends.GetValueOrDefault(key);
}
