using System.Text.Json;

namespace Osapi.Plans.Reports;

/// <summary>The end of one task in a report.</summary>
internal sealed record TaskReport
{
    public required string Name { get; init; }

    /// <summary>The id of the operation; null for a function.</summary>
    public string? Operation { get; init; }

    /// <summary>The target as it is written; null for a task without hosts, and for the hosts of another task.</summary>
    public string? Target { get; init; }

    /// <summary>The task on whose hosts this one runs; null for a target of its own.</summary>
    public string? SameAs { get; init; }

    public IReadOnlyList<string> DependsOn { get => field ?? []; init; }

    /// <summary>The level, from 0.</summary>
    public int Level { get; init; }

    /// <summary>The status: <c>changed</c>, <c>unchanged</c>, <c>skipped</c>, <c>failed</c> or <c>cancelled</c>; in the report of a run that has not ended also
    /// <c>running</c>, <c>unknown</c> (it was called, and its end is not known) or <c>not_run</c>. A newer program may write others.</summary>
    public required string Status { get; init; }

    public bool Changed { get; init; }

    public int Attempts { get; init; }

    /// <summary>The time from the start of the run to that of the first attempt; null when there was none.</summary>
    public double? StartedMs { get; init; }

    public double DurationMs { get; init; }

    public string? JobId { get; init; }

    public string? Error { get; init; }

    public string? SkipReason { get; init; }

    /// <summary>The result of a function, or of an operation of the controller.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>The items of a task without hosts that is called once for each; null for another task.</summary>
    public IReadOnlyList<ItemReport>? Items { get; init; }

    /// <summary>The reasons of a task without hosts.</summary>
    public IReadOnlyList<ReasonReport>? Why { get; init; }

    public IReadOnlyList<CellReport> Hosts { get => field ?? []; init; }
}
