using Osapi.Operations;

namespace Osapi.Cli.Rendering.Lists;

/// <summary>A table whose columns are ordered by importance, the most important one first.</summary>
/// <param name="Columns">The headings.</param>
/// <param name="Rows">The rows, of as many cells each; control characters are escaped.</param>
internal sealed record ListTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    private const int Gap = 2;

    /// <summary>Prints the table.</summary>
    /// <param name="width">The width in cells; null to print all columns.</param>
    /// <param name="styledColumn">The column whose cells have a colour.</param>
    /// <param name="styleOf">Returns the colour of a row.</param>
    public void Print(int? width, int styledColumn, Func<int, string> styleOf)
    {
        IReadOnlyList<IReadOnlyList<string>> rows = [.. Rows.Select(row => (IReadOnlyList<string>)[.. row.Select(cell => ControlCharacters.Escape(cell))])];
        var widths = Columns.Select((name, column) => rows.Select(row => row[column].Length).Append(name.Length).Max()).ToList();
        var shown = width is { } available ? Fitting(widths, available) : [.. Enumerable.Range(0, Columns.Count)];
        Terminal.Out.Styled($"[grey]{Line(Columns, shown).TrimEnd()}[/]");
        for (var row = 0; row < rows.Count; row++)
        {
            var before = Line(rows[row], [.. shown.TakeWhile(column => column != styledColumn)]);
            var after = Line(rows[row], [.. shown.SkipWhile(column => column != styledColumn).Skip(1)]);
            var styled = shown.Contains(styledColumn) ? rows[row][styledColumn].PadRight(after.Length == 0 ? 0 : widths[styledColumn]) : "";
            Terminal.Out.Styled($"{before}{(before.Length > 0 && styled.Length > 0 ? "  " : "")}[{styleOf(row)}]{styled}[/]{(after.Length == 0 ? "" : $"  {after.TrimEnd()}")}");
        }

        string Line(IReadOnlyList<string> cells, IReadOnlyList<int> columns) => string.Join("  ", columns.Select(column => cells[column].PadRight(widths[column])));
    }

    // The first column in any case, then each one that still fits.
    private static List<int> Fitting(List<int> widths, int available)
    {
        List<int> shown = [0];
        var used = widths[0];
        for (var column = 1; column < widths.Count; column++)
            if (used + Gap + widths[column] <= available)
            {
                shown.Add(column);
                used += Gap + widths[column];
            }

        return shown;
    }
}
