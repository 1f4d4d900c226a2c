using System.Globalization;
using System.Net;
using System.Text;
using Osapi.Orchestrator;

namespace Osapi.Cli.Rendering;

/// <summary>Draws a plan as an SVG picture that needs nothing else: a row of boxes for each level, and a line for each dependency.</summary>
internal static class PlanPicture
{
    private const int LetterWidth = 8;
    private const int BoxHeight = 44;
    private const int Gap = 24;
    private const int RowGap = 56;
    private const int MaxLetters = 48;

    public static string Svg(Plan plan)
    {
        Dictionary<PlanTask, (int X, int Y, int Width)> boxes = [];
        var (width, y) = (0, Gap);
        foreach (var level in plan.Levels())
        {
            var x = Gap;
            foreach (var task in level)
            {
                var wide = Lines(task).Max(line => line.Length) * LetterWidth + 2 * LetterWidth;
                boxes[task] = (x, y, wide);
                x += wide + Gap;
            }

            (width, y) = (Math.Max(width, x), y + BoxHeight + RowGap);
        }

        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{y - RowGap + Gap}\" viewBox=\"0 0 {width} {y - RowGap + Gap}\" font-family=\"monospace\" font-size=\"13\">\n");
        svg.Append("<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#555\"/></marker></defs>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{width}\" height=\"{y - RowGap + Gap}\" fill=\"#fff\"/>\n");
        foreach (var task in plan.Tasks)
            foreach (var dependency in task.Dependencies)
                svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{boxes[dependency].X + boxes[dependency].Width / 2}\" y1=\"{boxes[dependency].Y + BoxHeight}\" x2=\"{boxes[task].X + boxes[task].Width / 2}\" y2=\"{boxes[task].Y}\" stroke=\"#555\" marker-end=\"url(#a)\"/>\n");
        foreach (var task in plan.Tasks)
            Box(svg, task, boxes[task]);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Box(StringBuilder svg, PlanTask task, (int X, int Y, int Width) box)
    {
        var lines = Lines(task);
        svg.Append(CultureInfo.InvariantCulture, $"<g><title>{Escape(task.Name)}</title><rect x=\"{box.X}\" y=\"{box.Y}\" width=\"{box.Width}\" height=\"{BoxHeight}\" rx=\"4\" fill=\"#f4f6f8\" stroke=\"#555\"/>");
        for (var index = 0; index < lines.Count; index++)
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{box.X + LetterWidth}\" y=\"{box.Y + 18 + index * 17}\" fill=\"{(index == 0 ? "#000" : "#555")}\">{Escape(lines[index])}</text>");
        svg.Append("</g>\n");
    }

    private static IReadOnlyList<string> Lines(PlanTask task) =>
        [Shorten(task.ItemSource is null ? task.Name : $"{task.Name} (for each {task.ItemSource})"), Shorten(task.Target is null ? task.Operation?.Id ?? "" : $"{task.Operation?.Id} {task.Target}")];

    private static string Shorten(string text) => text.Length <= MaxLetters ? text : text[..(MaxLetters - 3)] + "...";

    // XML allows no control characters and no half of a surrogate pair, not even escaped.
    private static string Escape(string text)
    {
        StringBuilder clean = new();
        foreach (var rune in text.EnumerateRunes())
            clean.Append(Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF ? "?" : rune.ToString());
        return WebUtility.HtmlEncode(clean.ToString());
    }
}
