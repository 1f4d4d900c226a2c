using System.Globalization;
using Osapi.Cli.Rendering;
using Osapi.Plans.Reports;

namespace Osapi.Cli.RunReports.Html;

/// <summary>The heading of a page: the plan, how it ended, and the parts of the page.</summary>
internal static class RunHeading
{
    public static void Write(HtmlWriter page, RunReport report)
    {
        page.Add($"<header>\n<h1><bdi>{report.Name}</bdi> <span class=\"badge {OutcomeClass(report)}\">{report.Outcome.Replace('_', ' ')}</span>");
        if (report.Check == true)
            page.Raw(" <span class=\"badge skipped\">check: nothing was changed</span>");
        page.Add($"</h1>\n<p>{report.Summary}</p>\n");
        page.Add($"<p class=\"muted\">started {report.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC, took {Time(report.DurationMs)}{(report.ExitCode is { } code ? $", exit code {code}: {ExitCode.MeaningOf(code)}" : "")}</p>\n");
        if (report.Run is not null)
            page.Add($"<p class=\"muted\">run <code>{report.Run}</code></p>\n");
        foreach (var note in report.Notes)
            page.Add($"<p class=\"note\"><strong>Note</strong>: {note}</p>\n");
        if (report.CriticalPath.Count > 1)
        {
            var tasks = report.Tasks.ToDictionary(task => task.Name);
            var chain = report.CriticalPath.Select(name => $"{name} {Time(tasks.GetValueOrDefault(name)?.DurationMs ?? 0)}");
            page.Add($"<p><strong>Longest chain</strong>: {string.Join(" > ", chain)}</p>\n");
        }

        page.Raw("<nav aria-label=\"Parts of the report\"><a href=\"#failures\">Failures</a> <a href=\"#hosts\">Hosts</a> <a href=\"#timeline\">Timeline</a> <a href=\"#graph\">Graph</a> <a href=\"#tasks\">Tasks</a></nav>\n</header>\n");
    }

    /// <summary>Returns a number of milliseconds as text for people.</summary>
    public static string Time(double milliseconds) => ReadableValues.Duration(TimeSpan.FromMilliseconds(milliseconds));

    private static string OutcomeClass(RunReport report) => report.Outcome switch
    {
        "succeeded" => "unchanged",
        "failed" or "timed_out" => "failed",
        _ => "cancelled",
    };
}
