using YamlDotNet.Core;

namespace Osapi.Plans.Yaml;

/// <summary>Explains mistakes in a text in quotes.</summary>
/// <param name="source">The text of the file.</param>
/// <param name="mark">The position of the mistake, or of the opening quote.</param>
internal sealed class QuoteMistakes(SourceText source, Mark mark)
{
    private const string Escapes = "0abt\tnvfre \"/\\N_LPxuU";

    private readonly SourceLine line = new(source.Line(mark.Line));

    public SyntaxMistake Explain(string message) => message.Contains("escape", StringComparison.Ordinal) || message.Contains("surrogates", StringComparison.Ordinal) || message.Contains("hexdecimal", StringComparison.Ordinal)
        ? Escape()
        : Open(null);

    /// <summary>Explains a quote that is not closed where it should be.</summary>
    /// <param name="closed">The line in which the next quote closes it; null when none does.</param>
    public SyntaxMistake Open(long? closed)
    {
        var start = (int)mark.Column - 1;
        var message = closed is null ? "the quote that opens here is not closed" : $"the quote that opens here is closed only in line {closed}";
        var text = line.Text[start..].TrimEnd();
        FileProblem problem = new(mark.Line, mark.Column, message) { Length = text.Length };
        // Inside brackets the place of the missing quote cannot be known.
        return start == line.Value && text.Length > 1 && text.LastIndexOf(text[0]) == 0
            ? new(problem with { Correction = (line.Text.TrimEnd() + text[0]).Trim() }, source.With(mark.Line, line.Text.TrimEnd() + text[0]))
            : new(problem);
    }

    /// <summary>Explains text after a closing quote.</summary>
    public SyntaxMistake AfterClosing()
    {
        var value = line.Text[line.Value..line.ValueEnd];
        var quote = value[0];
        var inner = value.Length > 2 && value[^1] == quote ? value[1..^1] : null;
        var (message, corrected) = (quote, inner) switch
        {
            ('\'', not null) => ("a quote ' inside '...' is written twice; or use double quotes", inner.AsSpan().IndexOfAny("\"\\") < 0 ? $"\"{inner}\"" : "'" + inner.Replace("'", "''", StringComparison.Ordinal) + "'"),
            ('"', not null) => ("a quote \" inside \"...\" is written \\\"; or use single quotes", SourceLine.Quoted(inner)),
            _ => ("nothing may follow the closing quote; quote the whole value", SourceLine.Quoted(value)),
        };
        return Corrected(line.Value, value.Length, message, line.WithValue(corrected));
    }

    private SyntaxMistake Escape()
    {
        for (var at = (int)mark.Column; at + 1 < line.Text.Length; at++)
            if (line.Text[at] == '\\')
            {
                if (!Escapes.Contains(line.Text[at + 1], StringComparison.Ordinal))
                    return Corrected(at, 2, $"\\{line.Text[at + 1]} means nothing in double quotes; write \\\\ for a backslash, or use single quotes", WithDoubled(at));
                at++;
            }

        return new(FileProblem.At(mark, "an escape (\\x, \\u, \\U) in this text is not valid"));
    }

    // All backslashes from there on that mean nothing.
    private string WithDoubled(int from)
    {
        System.Text.StringBuilder text = new(line.Text[..from]);
        for (var at = from; at < line.Text.Length; at++)
        {
            text.Append(line.Text[at]);
            if (line.Text[at] != '\\' || at + 1 == line.Text.Length)
                continue;
            text.Append(Escapes.Contains(line.Text[at + 1], StringComparison.Ordinal) ? "" : "\\").Append(line.Text[++at]);
        }

        return text.ToString();
    }

    private SyntaxMistake Corrected(int column, int length, string message, string correction) =>
        new(new(mark.Line, column + 1, message) { Length = length, Correction = correction.Trim() }, source.With(mark.Line, correction));
}
