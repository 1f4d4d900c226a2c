using System.Globalization;
using System.Text;

namespace Osapi.Plans.Yaml;

/// <summary>The line of a problem as it is printed, with carets under the place.</summary>
/// <param name="Gutter">The line number and a bar.</param>
/// <param name="Text">The line; of a long one, the part around the place.</param>
/// <param name="Indent">The columns before the carets.</param>
/// <param name="Carets">The number of carets, from 1.</param>
/// <param name="Correction">The line as it was probably meant; null when that is not known.</param>
internal sealed record SourceExcerpt(string Gutter, string Text, int Indent, int Carets, string? Correction)
{
    private const int MinWidth = 20;
    private const string Cut = "...";

    /// <summary>The gutter of the lines below.</summary>
    public string EmptyGutter => new string(' ', Gutter.Length - 2) + "| ";

    /// <summary>The gutter of the correction.</summary>
    public string CorrectionGutter => new string(' ', Gutter.Length - 2) + "= ";

    /// <summary>Returns the number of characters that a problem concerns, from 1.</summary>
    public static int LengthOf(FileProblem problem) => problem.Length ?? (problem.Source is null ? 1 : SourceTokens.LengthAt(problem));

    /// <summary>Returns the excerpt; null when the file's text is not known or the line is empty.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="width">The columns of the terminal.</param>
    public static SourceExcerpt? Of(FileProblem problem, int width)
    {
        if (problem.Source?.Line(problem.Line) is not { Length: > 0 } line)
            return null;
        var gutter = problem.Line.ToString(CultureInfo.InvariantCulture).PadLeft(5) + " | ";
        var room = Math.Max(MinWidth, width - gutter.Length);
        var start = (int)Math.Clamp(problem.Column - 1, 0, line.Length);
        var end = Math.Clamp(start + LengthOf(problem), start, line.Length);
        var (text, columns) = Print(line);
        var (from, to) = (columns[start], Math.Max(columns[end], columns[start] + 1));
        return Window(text, room, from, to) with { Gutter = gutter, Correction = problem.Correction is null ? null : Shorten(problem.Correction, room) };
    }

    // The printed elements with the column of each, and the column at which each UTF-16 character begins.
    private static (List<(string Text, int Column)> Elements, int[] Columns) Print(string line)
    {
        List<(string, int)> elements = [];
        var columns = new int[line.Length + 1];
        var column = 0;
        for (var index = 0; index < line.Length;)
        {
            var (text, width) = TextWidth.Of(line, index, out var length);
            elements.Add((text, column));
            columns.AsSpan(index, length).Fill(column);
            column += width;
            index += length;
        }

        columns[line.Length] = column;
        return (elements, columns);
    }

    private static SourceExcerpt Window(List<(string Text, int Column)> elements, int room, int from, int to)
    {
        var total = elements is [] ? 0 : elements[^1].Column + elements[^1].Text.Length;
        // A third of the room shows what stands before the place.
        var first = total <= room || from + Cut.Length < room * 2 / 3 ? 0 : Math.Min(from - room / 3, total - room + Cut.Length);
        var left = room - (first > 0 ? Cut.Length : 0);
        var last = total <= first + left ? total : first + left - Cut.Length;
        StringBuilder text = new(first > 0 ? Cut : "");
        int? shown = null;
        foreach (var (element, column) in elements)
            if (column >= first && column + element.Length <= last)
            {
                shown ??= column;
                text.Append(element);
            }

        if (total > last)
            text.Append(Cut);
        var indent = from - (shown ?? first) + (first > 0 ? Cut.Length : 0);
        return new("", text.ToString().TrimEnd(), indent, Math.Max(1, Math.Min(to, Math.Max(last, from + 1)) - from), null);
    }

    private static string Shorten(string text, int room)
    {
        var (elements, columns) = Print(text);
        return columns[^1] <= room ? string.Concat(elements.Select(element => element.Text)) : Window(elements, room, 0, 1).Text;
    }
}
