using Osapi.Operations;
using Spectre.Console;

namespace Osapi.Cli.Rendering;

/// <summary>
/// Prints text for people. Text may come from a host, so its control characters are escaped: it cannot end the line, overwrite
/// another one, or control the terminal. Lines are never wrapped.
/// </summary>
internal sealed class Printer
{
    private readonly TextWriter writer;
    private readonly IAnsiConsole console;

    public Printer(TextWriter writer)
    {
        this.writer = writer;
        // Colours depend on the stream, not on the environment: the log of a build server is not a terminal.
        console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(writer), Enrichment = new() { UseDefaultEnrichers = false } });
        // Lines are never wrapped at the width of the terminal: a long line stays one line for searching and copying.
        console.Profile.Width = int.MaxValue / 2;
    }

    /// <summary>Prints a line; tabs are kept.</summary>
    public void Line(string text = "") => writer.WriteLine(ControlCharacters.Escape(text, keepTabs: true));

    /// <summary>Prints a line with styles, such as <c>[red]error:[/]</c>. The values in it are always plain text.</summary>
    public void Styled(FormattableString line)
    {
        console.Write(StyledLine.Create(line));
        writer.WriteLine();
    }

    /// <summary>Prints rows with aligned columns.</summary>
    /// <param name="rows">The rows, of as many cells each.</param>
    /// <param name="numbersFrom">The first column that is aligned to the right; by default none is.</param>
    public void Columns(IEnumerable<IReadOnlyList<string>> rows, int numbersFrom = int.MaxValue)
    {
        List<IReadOnlyList<string>> escaped = [.. rows.Select(row => (IReadOnlyList<string>)[.. row.Select(cell => ControlCharacters.Escape(cell))])];
        if (escaped.Count == 0)
            return;
        var widths = escaped[0].Select((_, column) => escaped.Max(row => row[column].Length)).ToList();
        foreach (var row in escaped)
            Line(string.Join("  ", row.Select((cell, column) => column >= numbersFrom ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
    }
}
