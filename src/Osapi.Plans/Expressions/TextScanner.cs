namespace Osapi.Plans.Expressions;

/// <summary>Splits a text into literal parts and expressions.</summary>
internal static class TextScanner
{
    public const string Open = "${{";
    public const string Close = "}}";

    /// <summary>Returns the parts: with <c>IsExpression</c>, the characters between <c>${{</c> and <c>}}</c>.</summary>
    /// <exception cref="SyntaxException">An expression is never closed.</exception>
    public static IEnumerable<(int Offset, string Text, bool IsExpression)> Parts(string text)
    {
        var at = 0;
        while (text.IndexOf(Open, at, StringComparison.Ordinal) is >= 0 and var open)
        {
            // $${{ stands for ${{.
            if (open > at && text[open - 1] == '$')
            {
                if (open - 1 > at)
                    yield return (at, text[at..(open - 1)], false);
                yield return (open, Open, false);
                at = open + Open.Length;
                continue;
            }

            if (open > at)
                yield return (at, text[at..open], false);
            var begin = open + Open.Length;
            var end = End(text, begin) ?? text.IndexOf(Close, begin, StringComparison.Ordinal);
            if (end < 0)
                throw new SyntaxException(open, Open.Length, "'${{' is never closed with '}}'; the three characters themselves are written '$${{'");
            yield return (begin, text[begin..end], true);
            at = end + Close.Length;
        }

        if (at < text.Length)
            yield return (at, text[at..], false);
    }

    // Neither within a text nor within the braces of a map. Null when a quote or a brace is not closed: the expression's own problem.
    private static int? End(string text, int begin)
    {
        var depth = 0;
        for (var at = begin; at < text.Length; at++)
            switch (text[at])
            {
                case '{':
                    depth++;
                    break;
                case '}' when depth > 0:
                    depth--;
                    break;
                case '}' when text.AsSpan(at).StartsWith(Close, StringComparison.Ordinal):
                    return at;
                case '\'' or '"':
                    var isRaw = at > begin && text[at - 1] is 'r' or 'R' && (at - 1 == begin || !(char.IsAsciiLetterOrDigit(text[at - 2]) || text[at - 2] == '_'));
                    if (EndOfText(text, at, isRaw) is not { } end)
                        return null;
                    at = end;
                    break;
                default:
                    break;
            }

        return null;
    }

    private static int? EndOfText(string text, int begin, bool isRaw)
    {
        var quote = text.AsSpan(begin) is [var first, var second, var third, ..] && first == second && second == third ? new string(first, 3) : text.Substring(begin, 1);
        for (var at = begin + quote.Length; at < text.Length; at++)
            if (text[at] == '\\' && !isRaw)
                at++;
            else if (text.AsSpan(at).StartsWith(quote, StringComparison.Ordinal))
                return at + quote.Length - 1;
            else if (quote.Length == 1 && text[at] is '\n' or '\r')
                return null;
        return null;
    }
}
