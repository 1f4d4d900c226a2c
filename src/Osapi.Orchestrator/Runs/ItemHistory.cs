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

    /// <summary>Forgets the ends of items that are to run again. One that succeeded is not done twice.</summary>
    public void Reopen(Func<JournalEntry, bool> isReopened)
    {
        foreach (var (key, _) in ends.Where(end => end.Value.Status is not ("changed" or "unchanged") && isReopened(end.Value)).ToList())
            ends.Remove(key);
    }

    public void Add(JournalEntry end) => ends[end.Item!] = end;

    /// <summary>Returns the end of an item; null when it has not ended.</summary>
    public JournalEntry? EndOf(string key) => ends.GetValueOrDefault(key);
}
