using System.Text.Json;

namespace Osapi.Plans.Reports;

/// <summary>The end of one item of a task in a report.</summary>
internal sealed record ItemReport
{
    public required string Key { get; init; }

    /// <inheritdoc cref="TaskReport.Status"/>
    public required string Status { get; init; }

    public bool Changed { get; init; }

    public int Attempts { get; init; }

    public string? JobId { get; init; }

    public string? Error { get; init; }

    public string? SkipReason { get; init; }

    /// <summary>The result; null when there is none.</summary>
    public JsonElement? Data { get; init; }
}
