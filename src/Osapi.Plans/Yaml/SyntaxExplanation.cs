using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Osapi.Plans.Yaml;

/// <summary>Explains in plain words why a text is not YAML. The scanner tells where it stopped, which is often not where the mistake is.</summary>
internal sealed class SyntaxExplanation
{
    private static readonly System.Buffers.SearchValues<char> NotInKeys = System.Buffers.SearchValues.Create(" \"'[]{},");

    private static readonly System.Buffers.SearchValues<char> KeyLetters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz_");
    private const string DashNeedsSpace = "a dash needs a space after it";

    private readonly SourceText source;
    private readonly Mark mark;
    private readonly OpenBlocks blocks;
    private readonly SourceLine line;

    private SyntaxExplanation(SourceText source, Mark mark)
    {
        this.source = source;
        this.mark = mark;
        blocks = OpenBlocks.Of(source.ToString());
        line = new(source.Line(mark.Line));
    }

    /// <summary>Explains an exception of the scanner.</summary>
    /// <param name="source">The text.</param>
    /// <param name="exception">The exception.</param>
    /// <param name="last">The last position that could be read, for exceptions without a position.</param>
    public static SyntaxMistake Explain(SourceText source, Exception exception, Mark last)
    {
        var error = exception as YamlException;
        SyntaxExplanation explanation = new(source, error?.Start ?? last);
        if (error is null && OpenBracket.Find(source, Math.Max(1, last.Line)) is { } open)
            return open;
        return explanation.blocks.Flow is { } flow && !IsAboutQuotes(exception.Message)
            ? new FlowMistakes(source, flow).Explain(explanation.mark)
            : explanation.Explain(error?.Message ?? "");
    }

    private static bool IsAboutQuotes(string message) => message.Contains("quoted", StringComparison.Ordinal);

    private SyntaxMistake Explain(string message)
    {
        bool Says(string part) => message.Contains(part, StringComparison.Ordinal);
        if (Says("tab"))
            return Tab();
        if (Says("multiline plain scalar, found invalid mapping"))
            return NoKey(PreviousLine(mark.Line));
        if (Says("invalid mapping"))
            return line.Colon == mark.Column - 1 ? TooDeep() : Quote(mark.Line, "a value that contains ': ' needs quotes");
        if (Says("quoted scalar"))
            return new QuoteMistakes(source, mark).Explain(message);
        if (Says("expected key"))
            return mark.Column - 1 > line.Content ? AfterValue() : Misplaced("");
        if (Says("<document end>"))
            return mark.Column - 1 > line.Content ? At(mark, "nothing may follow the value here") : Misplaced("");
        if (Says("expected '-' indicator"))
            return Misplaced("; in a list every item begins with '- '");
        if (Says("sequence entries are not allowed"))
            return At(mark, "a list begins in its own line, below its key; or write it as [a, b]", line.ValueEnd - (int)mark.Column + 1);
        if (Says("keys are not allowed"))
            return Quote(mark.Line, "a value that begins with '? ' needs quotes");
        if (Says("cannot start any token") || Says("block scalar") || Says("anchor or alias") || Says("node content"))
            return CannotBegin();
        return At(mark, message.Length == 0 ? "not YAML from here on" : "not YAML: " + char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.'));
    }

    private SyntaxMistake Tab()
    {
        var tabs = Enumerable.Range(1, source.Lines.Count).Where(number => source.Line(number).TrimStart(' ', '-').StartsWith('\t') && !new SourceLine(source.Line(number)).IsBlank).ToList();
        if (tabs.Count == 0)
            return At(mark, "a tab cannot stand here; use spaces");
        var text = source.Line(tabs[0]);
        var column = text.IndexOf('\t', StringComparison.Ordinal);
        return new(new(tabs[0], column + 1, $"a tab cannot indent; use spaces{(tabs.Count > 1 ? $" ({tabs.Count} lines are indented with tabs)" : "")}")
        {
            Length = text.Length - column - text[column..].TrimStart('\t').Length,
        });
    }

    // A line that is deeper than the member before it, which has a value.
    private SyntaxMistake TooDeep()
    {
        var previous = PreviousLine(mark.Line);
        SourceLine before = new(source.Line(previous));
        if (IsDashWithoutSpace(before))
            return Correct(previous, before.Indent, 1, DashNeedsSpace, before.Text.Insert(before.Indent + 1, " "));
        var expected = blocks.Open.FirstOrDefault()?.Start.Column ?? 1;
        return Indentation($"{Key(line)} is deeper than line {previous}, which is complete; expected column {expected}");
    }

    // A line that is neither a member of the block around it nor the begin of another one.
    private SyntaxMistake Misplaced(string rule)
    {
        if (IsDashWithoutSpace(line) && blocks.Open.FirstOrDefault() is SequenceStart)
            return Correct(mark.Line, line.Indent, 1, DashNeedsSpace, line.Text.Insert(line.Indent + 1, " "));
        if (blocks.LastScalar is { Style: ScalarStyle.DoubleQuoted or ScalarStyle.SingleQuoted } text && text.Start.Line < text.End.Line && text.End.Line == mark.Line)
            return new QuoteMistakes(source, text.Start).Open(text.End.Line);
        if (blocks.LastScalar is { Style: ScalarStyle.Literal or ScalarStyle.Folded } block && line.Colon < 0 && block.End.Line >= PreviousLine(mark.Line))
            return Indentation($"the text that begins in line {block.Start.Line} is in column {new SourceLine(source.Line(block.Start.Line + 1)).Indent + 1}");
        var isItem = line.Text.AsSpan(line.Indent) is ['-', ' ', ..] or "-";
        List<Mark> starts = [.. blocks.Closed.Concat(blocks.Open).Where(block => block is SequenceStart == isItem).Select(block => block.Start).Where(start => start.Column != mark.Column)];
        var inside = starts.Where(start => start.Column > mark.Column).OrderBy(start => start.Column).Take(1);
        var around = starts.Where(start => start.Column < mark.Column).OrderByDescending(start => start.Column).Take(1);
        var expected = string.Join(" or ", inside.Concat(around).Select(start => $"column {start.Column} (as {(isItem ? "the list" : "the keys")} from line {start.Line})"));
        if (blocks.Open.FirstOrDefault() is not { } top || top.Start.Column != mark.Column || (isItem && expected.Length > 0))
            return Indentation(expected.Length > 0 ? $"expected {expected}" : "no block begins in this column");
        if (isItem)
            return At(mark, $"a list item cannot stand among the keys from line {top.Start.Line}; a list belongs below a key of its own, such as 'tasks:'", 1);
        if (top is SequenceStart)
            return Indentation(inside.Any() ? $"expected {expected}{rule}" : $"the list from line {top.Start.Line} is in this column{rule}");
        return NoKey(mark.Line);
    }

    private SyntaxMistake NoKey(long number)
    {
        SourceLine bad = new(source.Line(number));
        var colon = bad.Text.IndexOf(':', Math.Min(bad.Content, bad.Text.Length));
        if (colon > bad.Content && bad.Text.AsSpan(bad.Content, colon - bad.Content).IndexOfAny(NotInKeys) < 0)
            return Correct(number, bad.Content, colon + 1 - bad.Content, "a colon needs a space after it", bad.Text.Insert(colon + 1, " "));
        // The colon of 'key :value' is at the begin of the value.
        if (colon > bad.Content && bad.Text.AsSpan(bad.Content, colon - bad.Content).TrimEnd().IndexOfAny(NotInKeys) < 0)
            return Correct(number, bad.Content, colon + 1 - bad.Content, "a key ends with ': '", bad.Text[..colon].TrimEnd() + ": " + bad.Text[(colon + 1)..].TrimStart());
        var text = bad.Text[bad.Content..Math.Max(bad.Content, bad.ValueEnd)];
        var key = text.AsSpan().IndexOf(' ') is > 0 and var space ? text[..space] : text;
        if (key.Length > 0 && key.AsSpan().IndexOfAnyExcept(KeyLetters) < 0 && text.AsSpan().Count(' ') <= 1)
            return Correct(number, bad.Content, text.Length, "a colon is missing after the key", bad.Text.Insert(bad.Content + key.Length, ":"));
        return new(new(number, bad.Content + 1, $"this line is neither 'key: value' nor a list item ('- ')") { Length = Math.Max(1, bad.ValueEnd - bad.Content) });
    }

    // Something follows a value that is complete.
    private SyntaxMistake AfterValue()
    {
        if (blocks.LastScalar is { Style: ScalarStyle.DoubleQuoted or ScalarStyle.SingleQuoted } text && text.Start.Line < text.End.Line && text.End.Line == mark.Line)
            return new QuoteMistakes(source, text.Start).Open(text.End.Line);
        return (line.Value < line.Text.Length ? line.Text[line.Value] : ' ') switch
        {
            '"' or '\'' => new QuoteMistakes(source, mark).AfterClosing(),
            '{' when line.Text.AsSpan(line.Value).StartsWith("{{") => Quote(mark.Line, YamlRules.DoubleBrace),
            '{' => Quote(mark.Line, "a value that begins with '{' is a mapping and ends with its brace; a text needs quotes"),
            '[' => Quote(mark.Line, "a value that begins with '[' is a list and ends with its bracket; a text or a condition needs quotes"),
            '*' => Quote(mark.Line, "a value that begins with '*' is an alias; a text needs quotes"),
            _ => At(mark, "nothing may follow the value here"),
        };
    }

    private SyntaxMistake CannotBegin()
    {
        if (line.Text.AsSpan(line.Indent).StartsWith("* ") && line.Indent == mark.Column - 1)
            return Correct(mark.Line, line.Indent, 1, "an item of a list begins with '- '", line.Text[..line.Indent] + "-" + line.Text[(line.Indent + 1)..]);
        var first = mark.Column - 1 < line.Text.Length ? line.Text[(int)mark.Column - 1] : ' ';
        var message = first switch
        {
            '>' or '|' => $"'{first}' begins a text of several lines, which starts in the next line; a text that begins with '{first}' needs quotes",
            '*' => "a value that begins with '*' is an alias; a text needs quotes",
            '&' => "a value that begins with '&' is an anchor; a text needs quotes",
            '\t' => "a tab cannot stand here; use spaces",
            _ => $"a text that begins with '{first}' needs quotes",
        };
        return line.Value == mark.Column - 1 ? Quote(mark.Line, message) : At(mark, message, 1);
    }

    private SyntaxMistake Quote(long number, string message)
    {
        SourceLine bad = new(source.Line(number));
        return Correct(number, bad.Value, bad.ValueEnd - bad.Value, message, bad.WithQuotedValue());
    }

    private SyntaxMistake Correct(long number, int column, int length, string message, string correction) =>
        new(new(number, column + 1, message) { Length = Math.Max(1, length), Correction = correction.Trim() }, source.With(number, correction));

    private SyntaxMistake Indentation(string reason) => new(new(mark.Line, line.Indent + 1, $"wrong indentation (column {line.Indent + 1}): {reason}") { Length = Math.Max(1, line.ValueEnd - line.Indent) });

    private static SyntaxMistake At(Mark mark, string message, int? length = null) => new(FileProblem.At(mark, message, length));

    private static bool IsDashWithoutSpace(SourceLine line) => line.Text.AsSpan(line.Indent) is ['-', var letter, ..] && char.IsAsciiLetter(letter);

    private static string Key(SourceLine line) => line.Colon > line.Content ? $"'{line.Text[line.Content..line.Colon]}'" : "this line";

    private long PreviousLine(long number)
    {
        do
            number--;
        while (number > 1 && new SourceLine(source.Line(number)).IsBlank);
        return Math.Max(1, number);
    }
}
