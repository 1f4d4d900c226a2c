using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs;

/// <summary>A message of a run's journal, as it is in the log.</summary>
internal sealed record RunMessage
{
    /// <summary>The runner that appended it; null for what a controller wrote.</summary>
    public RunId? Runner { get; init; }

    /// <summary>The id of the call that appended it; null for what a controller wrote.</summary>
    public RunId? Batch { get; init; }

    public IReadOnlyList<JournalEntry> Entries { get => field ?? []; init; }

    /// <summary>The plan and its runner from here on; null unless the message is a start or a takeover.</summary>
    public RunHead? Head { get; init; }

    /// <summary>The owed steps that are this run's from here on.</summary>
    public IReadOnlyList<OwedStep> Taken { get => field ?? []; init; }

    /// <summary>The owed steps that are nobody's any more.</summary>
    public IReadOnlyList<OwedStep> Forgotten { get => field ?? []; init; }

    /// <summary>The run that takes the place of this one; null otherwise.</summary>
    public RunId? SupersededBy { get; init; }

    /// <summary>True for the last message of a run: nothing else of it remains.</summary>
    public bool? Removed { get; init; }
}
