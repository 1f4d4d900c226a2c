using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Runs;

/// <summary>An entry of a run's journal. Which members it has depends on its kind.</summary>
public sealed record JournalEntry
{
    /// <summary>The kind.</summary>
    public required JournalEntryKind Kind { get; init; }

    /// <summary>The name of the task; null for an entry about the run.</summary>
    [Length(1, 1000), NoNul] public string? Task { get; init; }

    /// <summary>The host of the cell; null for a task that does not run on hosts, and while its host is not known.</summary>
    [Length(1, 253), NoNul] public string? Host { get; init; }

    /// <summary>Of a call the hosts that it calls, of <c>resolved</c> the hosts of the task; null for a call of the task's own target.</summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>Of a call those of its hosts that an earlier attempt has changed; null when it changed none.</summary>
    public IReadOnlyList<string>? ChangedHosts { get; init; }

    /// <summary>The key of the item that the call or the end is about; null for a task without items, and for the end of a cell with all its items.</summary>
    [Length(0, 1000), NoNul] public string? Item { get; init; }

    /// <summary>Of <c>expanded</c> the keys of the items, in order; empty otherwise.</summary>
    [Length(0, 1000)] public IReadOnlyList<string> Items { get => field ?? []; init; }

    /// <summary>The number of the attempt, from 1; of an ended cell the number of its attempts, 0 when it did not start.</summary>
    [Range(0, int.MaxValue)] public int? Attempt { get; init; }

    /// <summary>The id of the job; null for a task that makes none.</summary>
    public JobId? JobId { get; init; }

    /// <summary>Of an ended cell <c>changed</c>, <c>unchanged</c>, <c>skipped</c>, <c>failed</c> or <c>cancelled</c>; of the run's end its outcome.</summary>
    [Length(1, 40), NoNul] public string? Status { get; init; }

    /// <summary>
    /// True when the cell changed something, even if it then failed; null when it did not. Of a call without hosts true when an earlier attempt changed something.
    /// </summary>
    public bool? Changed { get; init; }

    /// <summary>The reason for skipping the cell, or its error; null without one.</summary>
    public string? Reason { get; init; }

    /// <summary>The kind of the error; null without one.</summary>
    public ErrorType? ErrorType { get; init; }

    /// <summary>The outcome on the host, as the task's own conditions decided it; null when no host answered.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>The further facts about an ended cell, such as <c>guarded</c>; empty for most.</summary>
    public IReadOnlyList<string> Flags { get => field ?? []; init; }

    /// <summary>The start of the first attempt; null when there was none.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The end of the cell or of the run.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The result of a function or a controller operation; null for a task on hosts, whose results its jobs have.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public JsonElement? Data { get; init; }

    /// <summary>Of the run's end the steps that are owed after it, those that it took over and did not do among them.</summary>
    public IReadOnlyList<OwedStep> Owed { get => field ?? []; init; }
}
