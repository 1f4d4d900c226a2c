using System.Text.Json;
using Osapi.Cli.Rendering.Reports;
using Osapi.Plans.Reports;

namespace Osapi.Cli.RunReports.Html;

/// <summary>Hosts that ended a task in the same way with the same answer.</summary>
/// <param name="Hosts">The names of the hosts; empty for a task without hosts.</param>
/// <param name="Status">The status.</param>
/// <param name="Reason">The error, or the reason for skipping; null when there is none.</param>
/// <param name="Data">The answer; null when there is none.</param>
/// <param name="Why">The reasons of the first host.</param>
/// <param name="Attempts">The number of attempts of the first host.</param>
internal sealed record AnswerGroup(IReadOnlyList<string> Hosts, string Status, string? Reason, JsonElement? Data, IReadOnlyList<ReasonReport>? Why, int Attempts)
{
    /// <summary>Returns the groups, those that failed first.</summary>
    public static IReadOnlyList<AnswerGroup> Of(IReadOnlyList<CellReport> cells) =>
        [.. cells.GroupBy(KeyOf).Select(group => Join([.. group])).OrderBy(group => group.Status == "failed" ? 0 : group.Status == "cancelled" ? 1 : 2)];

    private static AnswerGroup Join(IReadOnlyList<CellReport> cells)
    {
        var (first, isOne) = (cells[0], cells.Count == 1);
        var reason = (first.SkipReason ?? first.Error) is { } text ? $"{(isOne ? text : OwnName.Replace(text, first.Hostname))}{(first.Allowed == true ? " (allowed)" : "")}" : null;
        return new([.. cells.Select(cell => cell.Hostname)], first.Status, reason, first.Data is { } data && !isOne ? OwnName.Replace(data, first.Hostname) : first.Data, first.Why, first.Attempts);
    }

    // Run times differ always.
    private static string KeyOf(CellReport cell)
    {
        var members = cell.Data is { ValueKind: JsonValueKind.Object } data
            ? OwnName.Replace(data, cell.Hostname).EnumerateObject().Where(member => member.Name != "duration_ms").Select(member => $"{member.Name}={member.Value.GetRawText()}")
            : [];
        return string.Join('\n', [$"{cell.Status} {cell.Attempts} {cell.Allowed} {OwnName.Replace(cell.Error, cell.Hostname)} {cell.SkipReason}", .. members]);
    }
}
