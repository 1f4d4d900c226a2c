using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Plans.Reports;

/// <summary>A cell of a run as its journal has it.</summary>
internal sealed class RecordedCell
{
    /// <summary>The status of a cell whose call is open.</summary>
    public const string Running = "running";

    /// <summary>The status of a cell that was never called and has not ended.</summary>
    public const string NotRun = "not_run";

    private readonly Dictionary<string, JournalEntry> items = new(StringComparer.Ordinal);

    /// <summary>The newest call; null without one.</summary>
    public JournalEntry? Call { get; private set; }

    /// <summary>The job of the first call; null without one.</summary>
    public JobId? FirstJob { get; private set; }

    /// <summary>The time of the newest call.</summary>
    public DateTimeOffset CalledAt { get; private set; }

    /// <summary>The end; null while the cell has not ended.</summary>
    public JournalEntry? End { get; private set; }

    /// <summary>The keys of the items, in order; empty for a cell without items.</summary>
    public IReadOnlyList<string> Keys { get; private set; } = [];

    /// <summary>True when a call was made, or was about to be made, and no end is recorded.</summary>
    public bool IsOpen => Call is not null && End is null;

    public string Status => End is not null ? End.Status ?? "unknown" : Call is null ? NotRun : Running;

    /// <summary>The entries that name a job with a result of the cell or of its items.</summary>
    public IEnumerable<JournalEntry> Answers => items.Values.Append(End ?? Call).OfType<JournalEntry>().Where(entry => entry.JobId is not null);

    /// <summary>Returns the end of an item; null when it has not ended.</summary>
    public JournalEntry? EndOf(string item) => items.GetValueOrDefault(item);

    /// <summary>Applies an entry that is about the cell.</summary>
    public void Apply(JournalEntry entry, DateTimeOffset time)
    {
        switch (entry)
        {
            case { Kind: JournalEntryKind.Call }:
                (Call, CalledAt, End) = (entry, time, null);
                FirstJob ??= entry.JobId;
                break;
            case { Kind: JournalEntryKind.Expanded }:
                Keys = entry.Items;
                break;
            case { Kind: JournalEntryKind.Ended, Item: { } item }:
                items[item] = entry;
                break;
            case { Kind: JournalEntryKind.Ended }:
                End = entry;
                break;
        }
    }
}
