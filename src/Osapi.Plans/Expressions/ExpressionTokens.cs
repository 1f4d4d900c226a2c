using System.Buffers;
using Antlr4.Runtime;
using Cel.Internal;
using Osapi.Operations;

namespace Osapi.Plans.Expressions;

/// <summary>Splits an expression into tokens, and checks what must hold before the recursive parser sees them.</summary>
internal static class ExpressionTokens
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Returns the tokens of an expression, the last of them at its end.</summary>
    /// <exception cref="SyntaxException">There is an unknown character, an open quote, or an unpaired or too deep bracket.</exception>
    public static IReadOnlyList<IToken> Of(string text)
    {
        if (Surrogates.IndexOfLone(text) is >= 0 and var lone)
            throw new SyntaxException(lone, 1, $"U+{(int)text[lone]:X4} alone is not a character of Unicode");
        Lexer lexer = new(text);
        List<IToken> tokens = [];
        for (var token = lexer.NextToken(); token.Type != TokenConstants.EOF; token = lexer.NextToken())
            if (token.Channel == TokenConstants.DefaultChannel)
                tokens.Add(token);
        if (tokens.Count == 0)
            throw new SyntaxException(0, text.Length, "the expression is empty");
        CheckBrackets(tokens);
        tokens.Add(new CommonToken(TokenConstants.EOF, "") { StartIndex = text.Length, StopIndex = text.Length - 1 });
        return tokens;
    }

    private static void CheckBrackets(List<IToken> tokens)
    {
        Stack<IToken> open = new();
        // The parser descends at each of them, and comes up only at the end.
        var conditionals = 0;
        foreach (var token in tokens)
        {
            switch (token.Type)
            {
                case CelLexer.LPAREN or CelLexer.LBRACKET or CelLexer.LBRACE:
                    open.Push(token);
                    break;
                case CelLexer.QUESTIONMARK:
                    conditionals++;
                    break;
                case CelLexer.RPAREN or CelLexer.RPRACKET or CelLexer.RBRACE:
                    if (!open.TryPop(out var begin))
                        throw new SyntaxException(token.StartIndex, 1, $"'{token.Text}' closes nothing: no '{Pair(token)}' is open");
                    if (Pair(token) != begin.Text)
                        throw new SyntaxException(token.StartIndex, 1, $"'{token.Text}' does not close the '{begin.Text}' at position {begin.StartIndex + 1}");
                    break;
            }

            if (open.Count > ExpressionBounds.MaxDepth || conditionals > ExpressionBounds.MaxDepth)
                throw new SyntaxException(token.StartIndex, 1, $"the expression is nested deeper than {ExpressionBounds.MaxDepth}");
        }

        if (open.TryPeek(out var unclosed))
            throw new SyntaxException(unclosed.StartIndex, 1, $"the '{unclosed.Text}' is never closed");
    }

    private static string Pair(IToken close) => close.Type switch
    {
        CelLexer.RPAREN => "(",
        CelLexer.RPRACKET => "[",
        _ => "{",
    };

    private sealed class Lexer(string text) : CelLexer(new AntlrInputStream(text), TextWriter.Null, TextWriter.Null)
    {
        // Before any listener: the runtime's own message fails at characters of two UTF-16 units.
        public override void NotifyListeners(LexerNoViableAltException e)
        {
            var start = e.StartIndex;
            var rest = text.AsSpan(start);
            throw rest switch
            {
                [('r' or 'R' or 'b' or 'B') and var prefix, ('"' or '\'') and var quote, ..] => Unclosed(start, text.Length - start, quote, prefix is 'r' or 'R'),
                [('"' or '\'') and var quote, ..] => Unclosed(start, text.Length - start, quote, isRaw: false),
                ['=', ..] => new SyntaxException(start, 1, "'=' assigns nothing here; compare with '=='"),
                ['&', ..] => new SyntaxException(start, 1, "'&' is not an operator; 'and' is written '&&'"),
                ['|', ..] => new SyntaxException(start, 1, "'|' is not an operator; 'or' is written '||', and there are no filters"),
                ['$', '{', ..] => new SyntaxException(start, 2, "the expression is read without braces here: write what stands in '${{ }}' alone"),
                ['$', ..] => new SyntaxException(start, 1, "'$' is not part of a name; variables are written vars.NAME"),
                ['@', ..] => new SyntaxException(start, 1, "'@' is not part of a name; facts are written facts.NAME"),
                ['`', ..] => new SyntaxException(start, 1, "'`' is no quote here: a text is written 'text', a name that is no plain word ['name']"),
                ['#', ..] => new SyntaxException(start, 1, "'#' begins no comment in an expression"),
                ['~' or '^', ..] => new SyntaxException(start, 1, $"'{rest[0]}' is not an operator; a regular expression is written text.matches('^a')"),
                [';', ..] => new SyntaxException(start, 1, "';' separates nothing: this is one expression"),
                ['‘' or '’' or '“' or '”', ..] => new SyntaxException(start, 1, "typographic quotes begin no text; write ' or \""),
                _ => new SyntaxException(start, 1, $"the character '{ControlCharacters.Escape(Character(start))}' has no meaning in an expression"),
            };
        }

        private string Character(int start) =>
            text.Substring(start, char.IsHighSurrogate(text[start]) ? 2 : 1);

        // The quote may well be closed, and only something in between is wrong.
        private SyntaxException Unclosed(int start, int length, char quote, bool isRaw)
        {
            for (var at = text.IndexOf(quote, start) + 1; at < text.Length; at++)
                if (text[at] == '\\' && !isRaw)
                {
                    if (at + 1 < text.Length && !IsEscape(text.AsSpan(at + 1)))
                        return new(at, 2, $"'\\{ControlCharacters.Escape(Character(at + 1))}' is not an escape in a text; a backslash is written '\\\\', or the text as r{quote}...{quote}");
                    at++;
                }
                else if (text[at] is '\n' or '\r')
                {
                    return new(start, at - start, $"the text that begins with {quote} is not closed on its line; a line break is written \\n");
                }
                else if (text[at] == quote)
                {
                    break;
                }

            return new(start, length, $"the text that begins with {quote} is never closed");
        }

        private static bool IsEscape(ReadOnlySpan<char> rest) => rest switch
        {
            ['a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v' or '"' or '\'' or '\\' or '?' or '`', ..] => true,
            ['x' or 'X', ..] => AreHex(rest[1..], 2),
            ['u', ..] => AreHex(rest[1..], 4),
            ['U', ..] => AreHex(rest[1..], 8),
            [>= '0' and <= '3', >= '0' and <= '7', >= '0' and <= '7', ..] => true,
            _ => false,
        };

        private static bool AreHex(ReadOnlySpan<char> rest, int count) => rest.Length >= count && rest[..count].IndexOfAnyExcept(HexDigits) < 0;
    }
}
