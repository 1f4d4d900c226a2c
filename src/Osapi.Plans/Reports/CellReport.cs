using System.Text.Json;

namespace Osapi.Plans.Reports;

/// <summary>The end of one task on one host in a report.</summary>
internal sealed record CellReport
{
    public required string Hostname { get; init; }

    /// <inheritdoc cref="TaskReport.Status"/>
    public required string Status { get; init; }

    /// <summary>The outcome of the operation; null when none was called.</summary>
    public string? Outcome { get; init; }

    public bool Changed { get; init; }

    public string? Error { get; init; }

    public string? JobId { get; init; }

    public string? SkipReason { get; init; }

    /// <summary>True for a failure that the plan allows; otherwise null.</summary>
    public bool? Allowed { get; init; }

    public int Attempts { get; init; }

    /// <inheritdoc cref="TaskReport.StartedMs"/>
    public double? StartedMs { get; init; }

    public double DurationMs { get; init; }

    public IReadOnlyList<ReasonReport>? Why { get; init; }

    /// <summary>The result; null when there is none.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>The items of a task that is called once for each; null for another task, and when it did not start.</summary>
    public IReadOnlyList<ItemReport>? Items { get; init; }

    /// <summary>Gets a text of the result, or of that of an item; empty when there is none of the name.</summary>
    public string Text(string member, ItemReport? item = null) =>
        (item is null ? Data : item.Data) is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
