using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs;

/// <summary>The limits of what callers write about runs, beyond those of the single members.</summary>
internal static class RunRules
{
    /// <summary>The maximum size of the entries of a batch, in bytes.</summary>
    public const int MaxBatchBytes = 256 * 1024;

    /// <summary>The maximum size of the files of a plan, in bytes.</summary>
    public const int MaxFileBytes = 512 * 1024;

    /// <summary>The maximum size of the values of a plan, in bytes.</summary>
    public const int MaxValueBytes = 256 * 1024;

    /// <summary>The maximum length of a reason in an entry, in characters; a longer one is cut.</summary>
    public const int MaxReasonLength = 4096;

    private const int MaxFlags = 16;
    private const int MaxFlagLength = 40;
    private const int MaxHosts = 10_000;
    private const int MaxDependencies = 100_000;

    private static readonly HashSet<string> CellStatuses = ["changed", "unchanged", "skipped", "failed", "cancelled"];

    /// <exception cref="OperationException">A limit is exceeded.</exception>
    public static void Check(StartRun request)
    {
        CheckTasks(request.Tasks);
        if (request.Files.Sum(file => (long)Encoding.UTF8.GetByteCount(file.Text)) is var size && size > MaxFileBytes)
            throw Invalid($"files have {size} bytes, and may have {MaxFileBytes}");
        CheckValues(request.Values);
    }

    /// <inheritdoc cref="Check(StartRun)"/>
    public static void Check(TakeOverRun request)
    {
        CheckTasks(request.Tasks ?? []);
        CheckValues(request.Values);
    }

    /// <summary>Checks the entries of a runner, and cuts texts that are too long.</summary>
    /// <exception cref="OperationException">A limit is exceeded, or an entry is not one that a runner writes.</exception>
    public static IReadOnlyList<JournalEntry> Check(IReadOnlyList<JournalEntry> entries)
    {
        List<JournalEntry> written = [.. entries.Select(Check)];
        if (written.FindIndex(entry => entry.Kind == JournalEntryKind.Over) is >= 0 and var over && over < written.Count - 1)
            throw Invalid("entries: nothing follows the end of a run");
        var size = written.Sum(entry => (long)JsonSerializer.SerializeToUtf8Bytes(entry, RunJson.Stored.JournalEntry).Length);
        return size <= MaxBatchBytes ? written : throw Invalid($"entries have {size} bytes, and may have {MaxBatchBytes}");
    }

    private static JournalEntry Check(JournalEntry entry)
    {
        var wrong = entry switch
        {
            { Kind: JournalEntryKind.Unknown } => "of a kind that this controller does not know",
            { Kind: JournalEntryKind.Started or JournalEntryKind.Takeover or JournalEntryKind.Superseded } => "of a kind that only controllers write",
            { Kind: JournalEntryKind.Over, Status: null } => "an end without a status",
            { Kind: JournalEntryKind.Over } when JournalState.OutcomeOf(entry) is null => "an end with a status that is none: succeeded, failed, cancelled or timed_out",
            { Kind: JournalEntryKind.Resolved or JournalEntryKind.Call or JournalEntryKind.Ended or JournalEntryKind.Guard, Task: null } => "without a task",
            { Kind: JournalEntryKind.Ended, Status: var status } when status is null || !CellStatuses.Contains(status) => $"an end with a status that is none: {string.Join(", ", CellStatuses)}",
            { Owed.Count: > 0, Kind: not JournalEntryKind.Over } => "with owed steps before the end",
            { Flags.Count: > MaxFlags } => $"with more than {MaxFlags} flags",
            _ when Math.Max(entry.Hosts?.Count ?? 0, entry.ChangedHosts?.Count ?? 0) > MaxHosts => $"with more than {MaxHosts} hosts",
            _ => null,
        };
        if (wrong is null && (entry.Hosts ?? []).Concat(entry.ChangedHosts ?? []).Any(host => host is not { Length: > 0 and <= 253 } || host.Contains('\0', StringComparison.Ordinal)))
            wrong = "with a host that has no name, or one of more than 253 characters";
        if (wrong is null && entry.Flags.Any(flag => flag is not { Length: > 0 and <= MaxFlagLength }))
            wrong = $"with a flag that is empty, or has more than {MaxFlagLength} characters";
        return wrong is null ? entry with { Reason = Cut(entry.Reason) } : throw Invalid($"entries: one is {wrong}");
    }

    private static void CheckTasks(IReadOnlyList<RunTask> tasks)
    {
        HashSet<string> names = [];
        if (tasks.FirstOrDefault(task => !names.Add(task.Name)) is { } twice)
            throw Invalid($"tasks: the name '{twice.Name}' is there twice");
        CheckNames(tasks, names, static task => task.ReactsTo, "react to", "reacts to");
        CheckNames(tasks, names, static task => task.DependsOn ?? [], "depend on", "depends on");
        CheckNames(tasks, names, static task => task.SameAs is null ? [] : [task.SameAs], "run on the hosts of", "runs on the hosts of");
    }

    private static void CheckNames(IReadOnlyList<RunTask> tasks, HashSet<string> names, Func<RunTask, IReadOnlyList<string>> of, string relate, string relates)
    {
        if (tasks.Sum(task => (long)of(task).Count) > MaxDependencies)
            throw Invalid($"tasks {relate} more than {MaxDependencies} tasks");
        if (tasks.SelectMany(of).Any(name => !names.Contains(name ?? "")))
            throw Invalid($"tasks: one {relates} '{Cut(tasks.SelectMany(of).First(name => !names.Contains(name ?? "")))}', which is none of them");
    }

    private static void CheckValues(JsonElement? values)
    {
        if (values is { ValueKind: not JsonValueKind.Object })
            throw Invalid("values must be an object");
        if (values is { } given && JsonMarshal.GetRawUtf8Value(given).Length is var size && size > MaxValueBytes)
            throw Invalid($"values have {size} bytes, and may have {MaxValueBytes}");
    }

    private static string? Cut(string? text) =>
        text is null || text.Length <= MaxReasonLength ? text : text[..(char.IsHighSurrogate(text[MaxReasonLength - 4]) ? MaxReasonLength - 4 : MaxReasonLength - 3)] + "...";

    private static OperationException Invalid(string text) => new(ErrorType.Invalid, text);
}
