using System.Globalization;
using System.Text;
using Osapi.Cli.Rendering;
using Osapi.Cli.Rendering.Reports;
using Osapi.Plans.Reports;

namespace Osapi.Cli.RunReports;

/// <summary>Writes a report as a short text in Markdown, such as for the summary of a job on GitHub: the failures, the hosts, the tasks, what is owed.</summary>
internal static class MarkdownReport
{
    // The summary of a job is cut at a mebibyte, and nobody reads as much.
    private const int MaxFailures = 50;
    private const int MaxRows = 200;

    private static readonly string[] Statuses = ["changed", "unchanged", "skipped", "failed", "cancelled"];

    public static byte[] Of(RunReport report)
    {
        StringBuilder text = new();
        Line(text, $"## {MarkdownText.Of(report.Name)}: {MarkdownText.Of(report.Outcome.Replace('_', ' '))}{(report.Check == true ? " (check)" : "")}");
        Line(text, $"{MarkdownText.Of(report.Summary)}. Started {report.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC, took {Time(report.DurationMs)}{(report.ExitCode is { } code ? $", exit code {code}" : "")}.");
        foreach (var note in report.Notes)
            Line(text, $"**Note**: {MarkdownText.Of(note)}");
        Failures(text, FailedCells.Of(report.Tasks));
        Owed(text, report.Owed);
        Hosts(text, report);
        Tasks(text, report.Tasks);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Failures(StringBuilder text, IReadOnlyList<FailedCells> failures)
    {
        if (failures.Count == 0)
            return;
        Line(text, "### Failures");
        foreach (var failure in failures.Take(MaxFailures))
        {
            var place = failure.Hosts.Count == 0 ? "" : $" on {MarkdownText.Of(HostNames.Join(failure.Hosts))}";
            text.Append(CultureInfo.InvariantCulture, $"- **{MarkdownText.Of(failure.Task)}**{place}: {MarkdownText.Of(failure.Error)}{(failure.IsAllowed ? " (allowed)" : "")}\n");
            if (failure.Tail.Count > 0)
                text.Append(MarkdownText.Block(failure.Tail, indent: "  "));
        }

        text.Append(failures.Count > MaxFailures ? $"\n{failures.Count - MaxFailures} more failures are not listed.\n\n" : "\n");
    }

    private static void Owed(StringBuilder text, IReadOnlyList<OwedReport> owed)
    {
        if (owed.Count == 0)
            return;
        Line(text, "### Owed");
        Line(text, "These did not follow a change, and the next run does not see it:");
        foreach (var task in owed.GroupBy(cell => cell.Task).Take(MaxRows))
            text.Append(CultureInfo.InvariantCulture, $"- {MarkdownText.Of(task.Key)}{(task.First().Host is null ? "" : $" on {MarkdownText.Of(HostNames.Join([.. task.Select(cell => cell.Host ?? "")]))}")}\n");
        text.Append('\n');
    }

    private static void Hosts(StringBuilder text, RunReport report)
    {
        string[] statuses = [.. Statuses, .. report.OtherStatuses(Statuses)];
        var groups = report.Tasks.SelectMany(task => task.Hosts).GroupBy(cell => cell.Hostname)
            .Select(host => (host.Key, Counts: string.Join(" | ", statuses.Select(status => host.Count(cell => cell.Status == status)))))
            .OrderBy(host => host.Key, StringComparer.Ordinal).GroupBy(host => host.Counts, host => host.Key).ToList();
        if (groups.Count == 0)
            return;
        Line(text, "### Hosts");
        Table(text, ["Host", .. statuses.Select(MarkdownText.Of)], groups.Select(group => $"{MarkdownText.Of(HostNames.Join([.. group]))} | {group.Key}"));
    }

    private static void Tasks(StringBuilder text, IReadOnlyList<TaskReport> tasks)
    {
        Line(text, "### Tasks");
        Table(text, ["Task", "Status", "Hosts", "Time"], tasks.Select(task =>
            $"{MarkdownText.Of(task.Name)} | {MarkdownText.Of(task.Status)}{(task.SkipReason is null ? "" : $": {MarkdownText.Of(task.SkipReason)}")} | {(task.Hosts.Count == 0 ? "" : task.Hosts.Count)} | {Time(task.DurationMs)}"));
    }

    private static void Table(StringBuilder text, IReadOnlyList<string> headings, IEnumerable<string> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", headings)} |\n|{string.Concat(headings.Select((_, column) => column == 0 ? " --- |" : " ---: |"))}\n");
        var all = rows.ToList();
        foreach (var row in all.Take(MaxRows))
            text.Append(CultureInfo.InvariantCulture, $"| {row} |\n");
        text.Append(all.Count > MaxRows ? $"\n{all.Count - MaxRows} more are not listed.\n\n" : "\n");
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\n\n");

    private static string Time(double milliseconds) => ReadableValues.Duration(TimeSpan.FromMilliseconds(milliseconds));
}
