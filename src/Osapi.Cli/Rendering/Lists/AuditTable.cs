using System.Globalization;
using Osapi.Operations.Audit;
using Osapi.Operations.Json;

namespace Osapi.Cli.Rendering.Lists;

/// <summary>Prints the list of audit entries.</summary>
internal static class AuditTable
{
    private static readonly string[] Columns = ["ID", "OUTCOME", "OPERATION", "AGE", "CALLER", "TARGET", "STATUS", "SOURCE", "PATH"];

    /// <summary>Prints the list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="now">The time, for ages.</param>
    /// <param name="width">The width in cells; null to print all columns, and times instead of ages.</param>
    public static void Print(AuditList list, DateTimeOffset now, int? width) =>
        new PageTable<AuditEntry>("entry", Columns, (item, isWide) => Cells(item, now, isWide), StyleOf).Print(list.Items, list.TotalItems, list.NextCursor, width);

    private static IReadOnlyList<string> Cells(AuditEntry entry, DateTimeOffset now, bool isWide) =>
    [
        entry.Id?.ToString() ?? "",
        // An entry about the chain itself has no outcome.
        entry.Outcome is { } outcome ? SnakeCaseName.Of(outcome) : SnakeCaseName.Of(entry.Kind),
        (entry.OperationId ?? entry.Detail ?? "") + (entry.Check is true ? " (check)" : ""),
        isWide ? JobViews.Time(entry.Timestamp) : ReadableValues.Age(now - entry.Timestamp),
        entry.User ?? "",
        entry.Target ?? "",
        entry.ResponseCode?.ToString(CultureInfo.InvariantCulture) ?? "",
        entry.SourceIp ?? "",
        entry.Path ?? "",
    ];

    private static string StyleOf(AuditEntry entry) => entry.Outcome switch
    {
        AuditOutcome.Ok or AuditOutcome.Accepted => "green",
        AuditOutcome.Refused or AuditOutcome.Failed or AuditOutcome.Disconnected => "red",
        AuditOutcome.Begun => "blue",
        _ => "grey",
    };
}
