using System.Text;
using Osapi.Controller;
using Osapi.Operations;

namespace Osapi.Cli.Manual;

/// <summary>A manual page in roff, with the macros of <c>man(7)</c>. It has no date, so that the same version is the same page.</summary>
internal sealed class RoffPage
{
    private readonly StringBuilder text = new();

    /// <param name="name">The name: <c>osapi-node</c>.</param>
    /// <param name="section">The section of the manual: 1 for commands, 5 for files.</param>
    /// <param name="summary">The summary, on one line.</param>
    public RoffPage(string name, int section, string summary)
    {
        text.Append($".TH {name.ToUpperInvariant().Replace("-", "\\-", StringComparison.Ordinal)} {section} \"\" \"osapi {ProductVersion.Text}\" \"OSAPI\"\n.nh\n.ad l\n");
        Section("NAME");
        text.Append($"{Plain(name)} \\- {Plain(summary)}\n");
    }

    public void Section(string title) => text.Append($".SH {title}\n");

    public void Subsection(string title) => text.Append($".SS {Plain(title)}\n");

    /// <summary>Appends a paragraph.</summary>
    public void Paragraph(string words) => text.Append($".PP\n{Line(words)}\n");

    /// <summary>Appends a command line, each on its own line.</summary>
    public void CommandLine(string line) => text.Append($".PP\n.B {Plain(line)}\n");

    /// <summary>Appends a term with its description.</summary>
    public void Term(string term, string description) => text.Append($".TP\n.B {Plain(term)}\n{Line(description)}\n");

    public override string ToString() => text.ToString();

    // A line that begins with a dot or an apostrophe would be a request.
    private static string Line(string words) => "\\&" + Plain(words);

    private static string Plain(string words) =>
        ControlCharacters.Escape(words).Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal).Replace("\"", "\\(dq", StringComparison.Ordinal)
            // A list of values may be longer than a line.
            .Replace("|", "|\\:", StringComparison.Ordinal);
}
