using Osapi.Plans.Reports;

namespace Osapi.Cli.RunReports.Html;

/// <summary>The timeline: a row for each task, in it a bar for each host, from its start to its end.</summary>
internal static class TimelineTable
{
    // The width of a row in units of its picture, and the least width at which a bar is seen.
    private const int Width = 1000;
    private const double MinBar = 2;

    public static void Write(HtmlWriter page, RunReport report)
    {
        page.Raw("<section id=\"timeline\">\n<h2>Timeline</h2>\n");
        var total = Math.Max(1, report.Tasks.SelectMany(Bars).Select(bar => bar.Start + bar.Duration).Append(report.DurationMs).Max());
        var critical = report.CriticalPath.ToHashSet();
        page.Raw("<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"Timeline\"><table class=\"timeline\">\n<caption>When each task ran on each host; a bar shows its host and times when it is pointed at</caption>\n");
        page.Add($"<thead><tr><th scope=\"col\">task</th><th scope=\"col\" class=\"axis\"><span>0</span><span>{RunHeading.Time(total / 2)}</span><span>{RunHeading.Time(total)}</span></th><th scope=\"col\" class=\"number\">time</th></tr></thead>\n<tbody>\n");
        for (var index = 0; index < report.Tasks.Count; index++)
        {
            var task = report.Tasks[index];
            page.Add($"<tr><th scope=\"row\"><a href=\"#t{index}\"><bdi>{task.Name}</bdi></a>{(critical.Contains(task.Name) ? " (longest chain)" : "")}</th><td>");
            Picture(page, task, total);
            page.Add($"</td><td class=\"number\">{(task.Attempts > 0 ? RunHeading.Time(task.DurationMs) : task.Status)}</td></tr>\n");
        }

        page.Raw("</tbody></table></div>\n</section>\n");
    }

    private static void Picture(HtmlWriter page, TaskReport task, double total)
    {
        var bars = Bars(task).ToList();
        if (bars.Count == 0)
            return;
        var lane = bars.Count switch { <= 4 => 10, <= 12 => 5, <= 60 => 2, _ => Math.Max(0.2, 120.0 / bars.Count) };
        page.Add($"<svg role=\"img\" aria-label=\"{Described(task, bars)}\" viewBox=\"0 0 {Width} {bars.Count * lane:0.##}\" height=\"{bars.Count * lane:0.##}\" preserveAspectRatio=\"none\">");
        for (var index = 0; index < bars.Count; index++)
        {
            var bar = bars[index];
            var width = Math.Max(MinBar, bar.Duration / total * Width);
            page.Add($"<rect class=\"{StatusBadge.ClassOf(bar.Status)}\" x=\"{Math.Min(bar.Start / total * Width, Width - width):0.#}\" y=\"{index * lane:0.##}\" width=\"{width:0.#}\" height=\"{(lane > 4 ? lane - 1 : lane):0.##}\"><title>{bar.Name}: {bar.Status}, {RunHeading.Time(bar.Duration)} from {RunHeading.Time(bar.Start)}</title></rect>");
        }

        page.Raw("</svg>");
    }

    private static string Described(TaskReport task, IReadOnlyList<Bar> bars)
    {
        var counts = bars.GroupBy(bar => bar.Status).Select(status => $"{status.Count()} {status.Key}");
        return $"{task.Name}: {string.Join(", ", counts)}, from {RunHeading.Time(bars.Min(bar => bar.Start))} to {RunHeading.Time(bars.Max(bar => bar.Start + bar.Duration))}";
    }

    private static IEnumerable<Bar> Bars(TaskReport task)
    {
        if (task.Hosts.Count == 0 && task.StartedMs is { } started)
            yield return new(task.Name, task.Status, started, task.DurationMs);
        foreach (var cell in task.Hosts)
            if (cell.StartedMs is { } start)
                yield return new(cell.Hostname, cell.Status, start, cell.DurationMs);
    }

    private readonly record struct Bar(string Name, string Status, double Start, double Duration);
}
