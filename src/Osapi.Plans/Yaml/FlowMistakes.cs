using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Osapi.Plans.Yaml;

/// <summary>Explains mistakes in a list in brackets or a mapping in braces.</summary>
/// <param name="source">The text of the file.</param>
/// <param name="flow">The innermost list or mapping.</param>
internal sealed class FlowMistakes(SourceText source, NodeEvent flow)
{
    public SyntaxMistake Explain(Mark mark)
    {
        var (open, close) = flow is SequenceStart ? ('[', ']') : ('{', '}');
        var line = source.Line(mark.Line);
        var found = mark.Column <= line.Length ? line[(int)mark.Column - 1] : '\0';
        SourceLine first = new(source.Line(flow.Start.Line));
        if (mark.Line > flow.Start.Line || found == '\0')
            return first.Text.AsSpan(first.Value).StartsWith("{{")
                ? Quote(first, YamlRules.DoubleBrace)
                : Unclosed(open, close, first);
        return found switch
        {
            ']' or '}' when found != close => At(mark, $"the {open} in column {flow.Start.Column} is not closed: expected {close} before this {found}"),
            ',' => At(mark, $"there is nothing before this comma"),
            '@' or '`' or '%' or '|' or '>' or '*' or '&' or '!' => At(mark, $"a text that begins with '{found}' needs quotes"),
            '\t' => At(mark, "a tab cannot stand here; use spaces"),
            _ => At(mark, $"expected a comma or {close} here; a text with ': ', a comma, a bracket or a quote needs quotes"),
        };
    }

    private SyntaxMistake Unclosed(char open, char close, SourceLine first)
    {
        FileProblem problem = new(flow.Start.Line, flow.Start.Column, $"the {open} that opens here is not closed") { Length = 1 };
        var closed = first.Text[..first.ValueEnd] + close + first.Text[first.ValueEnd..];
        return new(problem with { Correction = closed.Trim() }, source.With(flow.Start.Line, closed));
    }

    private SyntaxMistake Quote(SourceLine line, string message) => new(
        new(flow.Start.Line, line.Value + 1, message) { Length = line.ValueEnd - line.Value, Correction = line.WithQuotedValue().Trim() },
        source.With(flow.Start.Line, line.WithQuotedValue()));

    private static SyntaxMistake At(Mark mark, string message) => new(FileProblem.At(mark, message, 1));
}
