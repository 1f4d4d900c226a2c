using Osapi.Plans.Reports;

namespace Osapi.Cli.RunReports.Html;

/// <summary>The tasks with the answers of their hosts, folded, and the form that filters them.</summary>
internal static class TaskList
{
    public static void Write(HtmlWriter page, RunReport report, int maxOutput)
    {
        page.Raw("<section id=\"tasks\">\n<h2>Tasks</h2>\n");
        Form(page, report);
        for (var index = 0; index < report.Tasks.Count; index++)
            Write(page, report.Tasks[index], index, maxOutput);
        page.Raw("</section>\n");
    }

    // Only the script shows it: without one it would do nothing.
    private static void Form(HtmlWriter page, RunReport report)
    {
        page.Raw("<form id=\"filter\" hidden>\n<label>status <select name=\"status\"><option value=\"\">all</option>");
        foreach (var status in StatusBadge.Known.Concat(report.OtherStatuses(StatusBadge.Known)))
            page.Add($"<option>{status}</option>");
        page.Raw("</select></label>\n<label>host <select name=\"host\"><option value=\"\">all</option>");
        foreach (var host in report.HostNames())
            page.Add($"<option value=\"{host}\">{host}</option>");
        page.Raw("</select></label>\n<label>text <input name=\"text\" type=\"search\" autocomplete=\"off\"></label>\n<output aria-live=\"polite\"></output>\n</form>\n");
    }

    private static void Write(HtmlWriter page, TaskReport task, int index, int maxOutput)
    {
        page.Add($"<details class=\"task\" id=\"t{index}\">\n<summary>");
        StatusBadge.Write(page, task.Status);
        page.Add($" <h3><bdi>{task.Name}</bdi></h3> <span class=\"muted\">{Call(task)}</span> <span class=\"muted\">{RunHeading.Time(task.DurationMs)}</span></summary>\n");
        if (task.DependsOn.Count > 0)
            page.Add($"<p class=\"muted\">after {string.Join(", ", task.DependsOn)}</p>\n");
        if (task.JobId is not null)
            page.Add($"<p class=\"muted\">job <code>{task.JobId}</code></p>\n");
        if (task.Hosts.Count == 0)
            CellAnswers.Write(page, new([], task.Status, task.SkipReason ?? task.Error, task.Data, task.Why, task.Attempts), maxOutput);
        foreach (var group in AnswerGroup.Of(task.Hosts))
            CellAnswers.Write(page, group, maxOutput);
        page.Raw("</details>\n");
    }

    private static string Call(TaskReport task) => task.Operation is null ? "function"
        : task.SameAs is not null ? $"{task.Operation} on the hosts of {task.SameAs}"
        : $"{task.Operation} {task.Target}".TrimEnd();
}
