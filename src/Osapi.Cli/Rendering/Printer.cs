using Osapi.Operations;
using Spectre.Console;

namespace Osapi.Cli.Rendering;

/// <summary>
/// Prints for people. Whatever stands in a line may come from a host, so control characters in it are escaped: it can neither end
/// the line, nor write over another, nor give the terminal orders. Lines are never folded.
/// </summary>
internal sealed class Printer
{
    private readonly TextWriter writer;
    private readonly IAnsiConsole console;

    public Printer(TextWriter writer)
    {
        this.writer = writer;
        // What the stream is decides about colours, not where the process runs: a build server's log is no terminal.
        console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(writer), Enrichment = new() { UseDefaultEnrichers = false } });
        // Lines are never folded to the width of the terminal: what is long stays one line for whoever searches or copies it.
        console.Profile.Width = int.MaxValue / 2;
    }

    /// <summary>Prints a line, in which tabs stay.</summary>
    public void Line(string text = "") => writer.WriteLine(ControlCharacters.Escape(text, keepTabs: true));

    /// <summary>Prints a line with styles, such as <c>[red]error:[/]</c>. The values in it are text, and never styles.</summary>
    public void Styled(FormattableString line)
    {
        console.Write(StyledLine.Create(line));
        writer.WriteLine();
    }

    /// <summary>Prints rows whose columns stand below each other.</summary>
    public void Columns(IEnumerable<IReadOnlyList<string>> rows)
    {
        List<IReadOnlyList<string>> escaped = [.. rows.Select(row => (IReadOnlyList<string>)[.. row.Select(cell => ControlCharacters.Escape(cell))])];
        if (escaped.Count == 0)
            return;
        var widths = escaped[0].Select((_, column) => escaped.Max(row => row[column].Length)).ToList();
        foreach (var row in escaped)
            Line(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
