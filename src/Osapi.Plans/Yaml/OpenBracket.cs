namespace Osapi.Plans.Yaml;

/// <summary>Finds a bracket or brace that is not closed where the scanner only tells that something is wrong.</summary>
internal static class OpenBracket
{
    /// <summary>Returns the mistake; null when every bracket from the line on is closed before the next block begins.</summary>
    public static SyntaxMistake? Find(SourceText source, long line)
    {
        Stack<(long Line, int Column, char Bracket)> open = new();
        for (var number = line; number <= source.Lines.Count; number++)
        {
            SourceLine text = new(source.Line(number));
            if (open.TryPeek(out var innermost) && (text.Colon > 0 || text.Content > text.Indent))
                return Unclosed(source, innermost);
            foreach (var (column, letter) in Brackets(text.Text))
                if (letter is '[' or '{')
                    open.Push((number, column, letter));
                else
                    open.TryPop(out _);
        }

        return open.TryPeek(out var last) ? Unclosed(source, last) : null;
    }

    private static SyntaxMistake Unclosed(SourceText source, (long Line, int Column, char Bracket) place)
    {
        SourceLine line = new(source.Line(place.Line));
        var closed = line.Text[..line.ValueEnd] + (place.Bracket == '[' ? ']' : '}') + line.Text[line.ValueEnd..];
        FileProblem problem = new(place.Line, place.Column + 1, $"the {place.Bracket} that opens here is not closed") { Length = 1, Correction = closed.Trim() };
        return new(problem, source.With(place.Line, closed));
    }

    // Outside quotes and comments.
    private static IEnumerable<(int Column, char Letter)> Brackets(string text)
    {
        var quote = '\0';
        for (var at = 0; at < text.Length; at++)
            if (quote != '\0')
                quote = text[at] == quote ? '\0' : quote;
            else if (text[at] is '"' or '\'' && (at == 0 || text[at - 1] is ' ' or '[' or '{' or ','))
                quote = text[at];
            else if (text[at] == '#' && (at == 0 || text[at - 1] == ' '))
                yield break;
            else if (text[at] is '[' or ']' or '{' or '}')
                yield return (at, text[at]);
    }
}
