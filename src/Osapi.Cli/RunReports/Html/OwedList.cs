using Osapi.Plans.Reports;

namespace Osapi.Cli.RunReports.Html;

/// <summary>The tasks that had to follow a change and did not.</summary>
internal static class OwedList
{
    public static void Write(HtmlWriter page, RunReport report)
    {
        if (report.Owed.Count == 0)
            return;
        page.Raw("<section id=\"owed\">\n<h2>Owed</h2>\n<p>These did not follow a change, and the next run does not see it.</p>\n<ul>\n");
        foreach (var task in report.Owed.GroupBy(cell => cell.Task))
        {
            var hosts = string.Join(", ", task.Select(cell => cell.Host).OfType<string>());
            page.Add($"<li><strong><bdi>{task.Key}</bdi></strong>{(hosts.Length == 0 ? "" : " on ")}<bdi>{hosts}</bdi></li>\n");
        }

        page.Raw("</ul>\n</section>\n");
    }
}
