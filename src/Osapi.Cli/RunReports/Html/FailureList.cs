using Osapi.Cli.Rendering.Reports;
using Osapi.Plans.Reports;

namespace Osapi.Cli.RunReports.Html;

/// <summary>The failures of a run, and what was stopped.</summary>
internal static class FailureList
{
    private const int MaxListed = 500;
    private const int MaxHosts = 100;

    // More have a part of the page with a bar of its own, so that what follows is not far away.
    private const int MaxUnfolded = 20;

    public static void Write(HtmlWriter page, RunReport report)
    {
        page.Raw("<section id=\"failures\">\n<h2>Failures</h2>\n");
        var failures = FailedCells.Of(report.Tasks);
        if (failures.Count == 0)
            page.Raw("<p>None.</p>\n");
        else
            page.Raw(failures.Count > MaxUnfolded ? "<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"Failures\"><ul>\n" : "<div><ul>\n");
        foreach (var failure in failures.Take(MaxListed))
            Write(page, failure);
        if (failures.Count > 0)
            page.Raw("</ul></div>\n");
        if (failures.Count > MaxListed)
            page.Add($"<p>{failures.Count - MaxListed} more are below, with their tasks.</p>\n");
        WriteStopped(page, report);
        page.Raw("</section>\n");
    }

    private static void Write(HtmlWriter page, FailedCells failure)
    {
        page.Add($"<li><strong><bdi>{failure.Task}</bdi></strong>");
        if (failure.Hosts.Count > 0)
            page.Add($" on <bdi>{string.Join(", ", failure.Hosts.Take(MaxHosts))}{(failure.Hosts.Count > MaxHosts ? $" and {failure.Hosts.Count - MaxHosts} more" : "")}</bdi>");
        page.Add($": <span class=\"error\"><bdi>{failure.Error}</bdi></span>{(failure.IsAllowed ? " (allowed)" : "")}");
        if (failure.Tail.Count > 0)
            page.Raw("<pre>").Lines(string.Join('\n', failure.Tail)).Raw("</pre>");
        if (failure.Command is not null)
            page.Add($"<code>{failure.Command}</code>");
        page.Raw("</li>\n");
    }

    private static void WriteStopped(HtmlWriter page, RunReport report)
    {
        var stopped = report.Tasks.Where(task => task is { Status: "cancelled", Attempts: > 0 }).ToList();
        if (stopped.Count == 0)
            return;
        page.Raw("<h3>Stopped while running</h3>\n<ul>\n");
        foreach (var task in stopped)
            page.Add($"<li><bdi>{task.Name}</bdi> after {RunHeading.Time(task.DurationMs)}</li>\n");
        page.Raw("</ul>\n");
    }
}
