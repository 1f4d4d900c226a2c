using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator.Engine;

/// <summary>The items of a cell, made when it starts. Cells with equal items share one of these.</summary>
internal sealed class ItemRequests(IReadOnlyList<PlanItem> items)
{
    public IReadOnlyList<PlanItem> Items => items;

    /// <summary>Returns the problem of the items; null when there is none.</summary>
    public string? ProblemOf(OperationBody body)
    {
        if (items.Count > PlanItem.MaxCount)
            return $"has {items.Count} items, more than {PlanItem.MaxCount}";
        HashSet<string> keys = [];
        foreach (var item in items)
            if (!keys.Add(item.Key))
                return $"has the item '{ControlCharacters.Escape(item.Key)}' twice";
            else if (item.SkipReason is null && body.ProblemOf(item.Request) is { } problem)
                return $"has a wrong item '{ControlCharacters.Escape(item.Key)}': it {problem}";
        return null;
    }

    /// <summary>Returns the index of the first item from a given one that is called; -1 when there is none.</summary>
    public int Next(int from)
    {
        for (var index = from; index < items.Count; index++)
            if (items[index].SkipReason is null)
                return index;
        return -1;
    }

    /// <summary>Adds keys and requests to a hash, so that cells with equal items are found.</summary>
    public void AddTo(IncrementalHash hash, Operation operation)
    {
        foreach (var item in items)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{item.Key.Length} {item.Key} {item.SkipReason?.Length ?? -1} {item.SkipReason}"));
            if (item.SkipReason is null)
                hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(item.Request, operation.RequestInfo));
        }
    }
}

/// <summary>The item that a call is about.</summary>
/// <param name="All">The items of the cells.</param>
/// <param name="Index">The index of the item.</param>
internal sealed record CallItem(ItemRequests All, int Index)
{
    public PlanItem Item => All.Items[Index];

    /// <summary>The next item that is called; null after the last one.</summary>
    public CallItem? Next => All.Next(Index + 1) is >= 0 and var next ? new(All, next) : null;
}

/// <summary>The results of the items of one cell so far. The loop owns it.</summary>
internal sealed class CellItems(ItemRequests all)
{
    public const string EarlierItemFailed = "an item before it failed";

    private readonly ItemResult?[] results = new ItemResult?[all.Items.Count];

    /// <summary>The error of the first item that failed; null when none did, or it has only a text.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The last answer of a host to an item; null when there was none.</summary>
    public HostAttempt? Last { get; private set; }

    public void Set(CallItem item, ItemResult result, HostAttempt? last, Exception? failure)
    {
        results[item.Index] = result;
        if (result.Status == Status.Failed && !results.Take(item.Index).Any(earlier => earlier is { Status: Status.Failed }))
            Failure = failure;
        // What tells of a failure is not replaced by a success after it.
        if (last is not null && (Last is null || Last.Reply.Outcome == Outcome.Ok || last.Reply.Outcome != Outcome.Ok))
            Last = last;
    }

    /// <summary>Returns the next item that is called: before the run was resumed, later ones may have ended. Null after the last one.</summary>
    public CallItem? After(CallItem item)
    {
        var next = item.Next;
        while (next is not null && results[next.Index] is not null)
            next = next.Next;
        return next;
    }

    /// <summary>Returns the results of all items, those that did not start among them.</summary>
    public IReadOnlyList<ItemResult> Results(Status end, string? reason) => [.. all.Items.Select((item, index) => results[index] ?? NotStarted(item, end, reason))];

    private static ItemResult NotStarted(PlanItem item, Status end, string? reason) => new()
    {
        Key = item.Key,
        Status = item.SkipReason is null && end == Status.Cancelled ? Status.Cancelled : Status.Skipped,
        SkipReason = item.SkipReason ?? (end == Status.Cancelled ? null : end == Status.Failed ? EarlierItemFailed : reason),
    };
}
