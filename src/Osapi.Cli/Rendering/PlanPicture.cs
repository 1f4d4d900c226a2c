using System.Globalization;
using System.Net;
using System.Text;
using Osapi.Orchestrator;

namespace Osapi.Cli.Rendering;

/// <summary>Draws a plan as an SVG picture that needs nothing else.</summary>
internal static class PlanPicture
{
    public static string Svg(Plan plan)
    {
        List<DrawnTask> tasks = [.. plan.Levels().SelectMany((level, index) => level.Select(task => new DrawnTask(task.Name, Detail(task), index, [.. task.Dependencies.Select(dependency => dependency.Name)])))];
        GraphLayout layout = new(tasks);
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{layout.Width}\" height=\"{layout.Height}\" viewBox=\"0 0 {layout.Width} {layout.Height}\" font-family=\"monospace\" font-size=\"13\">\n");
        svg.Append("<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#555\"/></marker></defs>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{layout.Width}\" height=\"{layout.Height}\" fill=\"#fff\"/>\n");
        foreach (var line in layout.Lines)
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{line.X1}\" y1=\"{line.Y1}\" x2=\"{line.X2}\" y2=\"{line.Y2}\" stroke=\"#555\" marker-end=\"url(#a)\"/>\n");
        for (var index = 0; index < tasks.Count; index++)
            Box(svg, tasks[index], layout.Boxes[index]);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Box(StringBuilder svg, DrawnTask task, GraphBox box)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<g><title>{Escape(task.Name)}</title><rect x=\"{box.X}\" y=\"{box.Y}\" width=\"{box.Width}\" height=\"{GraphLayout.BoxHeight}\" rx=\"4\" fill=\"#f4f6f8\" stroke=\"#555\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{box.X + GraphLayout.LetterWidth}\" y=\"{box.Y + 18}\" fill=\"#000\">{Escape(GraphLayout.Shorten(task.Name))}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{box.X + GraphLayout.LetterWidth}\" y=\"{box.Y + 35}\" fill=\"#555\">{Escape(GraphLayout.Shorten(task.Detail))}</text></g>\n");
    }

    private static string Detail(PlanTask task) =>
        $"{task.Operation?.Id} {task.Target}".Trim() + (task.ItemSource is null ? "" : $" for each {task.ItemSource}");

    // XML allows no control characters and no half of a surrogate pair, not even escaped.
    private static string Escape(string text)
    {
        StringBuilder clean = new();
        foreach (var rune in text.EnumerateRunes())
            clean.Append(Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF ? "?" : rune.ToString());
        return WebUtility.HtmlEncode(clean.ToString());
    }
}
