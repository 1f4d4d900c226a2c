using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Runs;

/// <summary>The size of journal entries, which is bounded.</summary>
internal static class JournalEntrySize
{
    /// <summary>The largest result of a function that is kept, in bytes. A larger one is not known after a resume.</summary>
    public const int MaxData = 64 << 10;

    private const int MaxReason = 4096;

    /// <summary>Returns about the number of bytes that an entry takes.</summary>
    public static int Of(JournalEntry entry) =>
        300 + (entry.Task?.Length ?? 0) + (entry.Reason?.Length ?? 0) + (entry.Hosts?.Sum(host => host.Length + 3) ?? 0) + (entry.ChangedHosts?.Sum(host => host.Length + 3) ?? 0) + (entry.Data?.GetRawText().Length ?? 0)
            + entry.Owed.Sum(step => 400 + step.Task.Length);

    /// <summary>Cuts a text to the length that an entry may have.</summary>
    public static string? Cut(string? text) => text is { Length: > MaxReason } ? text[..MaxReason] : text;
}
