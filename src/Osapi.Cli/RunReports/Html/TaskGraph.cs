using Osapi.Cli.Rendering;
using Osapi.Plans.Reports;

namespace Osapi.Cli.RunReports.Html;

/// <summary>The tasks of a run as a picture, with their statuses.</summary>
internal static class TaskGraph
{
    // Boxes of one level that are further to the right begin a new row, behind which lines to the next level pass.
    private const int MaxWidth = 6000;

    public static void Write(HtmlWriter page, RunReport report)
    {
        var tasks = report.Tasks.Select(task => new DrawnTask(task.Name, Detail(task), task.Level, task.DependsOn)).ToList();
        GraphLayout layout = new(tasks, MaxWidth);
        page.Raw("<section id=\"graph\">\n<h2>Graph</h2>\n<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"Graph of the tasks\">");
        page.Add($"<svg class=\"graph\" role=\"img\" aria-label=\"{report.Tasks.Count} tasks and what they depend on; the list of tasks says the same\" width=\"{layout.Width}\" height=\"{layout.Height}\" viewBox=\"0 0 {layout.Width} {layout.Height}\">\n");
        page.Raw("<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n");
        foreach (var line in layout.Lines)
            page.Add($"<line x1=\"{line.X1}\" y1=\"{line.Y1}\" x2=\"{line.X2}\" y2=\"{line.Y2}\" marker-end=\"url(#arrow)\"/>\n");
        for (var index = 0; index < tasks.Count; index++)
            Box(page, report.Tasks[index], tasks[index], layout.Boxes[index], index);
        page.Raw("</svg></div>\n</section>\n");
    }

    private static void Box(HtmlWriter page, TaskReport task, DrawnTask drawn, GraphBox box, int index)
    {
        page.Add($"<a href=\"#t{index}\"><g class=\"{StatusBadge.ClassOf(task.Status)}\"><title>{task.Name}: {task.Status}</title><rect x=\"{box.X}\" y=\"{box.Y}\" width=\"{box.Width}\" height=\"{GraphLayout.BoxHeight}\" rx=\"4\"/>");
        page.Add($"<text x=\"{box.X + 8}\" y=\"{box.Y + 18}\">{GraphLayout.Shorten(drawn.Name)}</text><text class=\"detail\" x=\"{box.X + 8}\" y=\"{box.Y + 35}\">{GraphLayout.Shorten(drawn.Detail)}</text></g></a>\n");
    }

    private static string Detail(TaskReport task) => $"{task.Status}{(task.Operation is null ? "" : $": {task.Operation}")}{(task.Target is null ? "" : $" {task.Target}")}";
}
