using Osapi.Plans.Reports;

namespace Osapi.Cli.RunReports.Html;

/// <summary>The numbers of tasks that ended in each way on each host.</summary>
internal static class HostTable
{
    public static void Write(HtmlWriter page, RunReport report)
    {
        page.Raw("<section id=\"hosts\">\n<h2>Hosts</h2>\n");
        string[] statuses = [.. StatusBadge.Known, .. report.OtherStatuses(StatusBadge.Known)];
        var hosts = report.Tasks.SelectMany(task => task.Hosts).GroupBy(cell => cell.Hostname)
            .Select(host => (host.Key, Counts: statuses.Select(status => host.Count(cell => cell.Status == status)).ToList()))
            .OrderByDescending(host => host.Counts[0]).ThenBy(host => host.Key, StringComparer.Ordinal).ToList();
        if (hosts.Count == 0)
        {
            page.Raw("<p>No task ran on hosts.</p>\n</section>\n");
            return;
        }

        page.Raw("<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"Hosts\"><table class=\"counts\">\n<caption>Tasks by the way in which they ended, those with failures first</caption>\n<thead><tr><th scope=\"col\">host</th>");
        foreach (var status in statuses)
            page.Add($"<th scope=\"col\" class=\"number\">{status}</th>");
        page.Raw("</tr></thead>\n<tbody>\n");
        foreach (var (name, counts) in hosts)
        {
            page.Add($"<tr><th scope=\"row\"><bdi>{name}</bdi></th>");
            for (var status = 0; status < counts.Count; status++)
                page.Add($"<td class=\"number {(counts[status] > 0 ? StatusBadge.ClassOf(statuses[status]) : "none")}\">{counts[status]}</td>");
            page.Raw("</tr>\n");
        }

        page.Raw("</tbody></table></div>\n</section>\n");
    }
}
