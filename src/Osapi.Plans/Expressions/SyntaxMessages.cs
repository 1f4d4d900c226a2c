using Antlr4.Runtime;
using Cel.Internal;
using Osapi.Operations;

namespace Osapi.Plans.Expressions;

/// <summary>The messages for tokens that the grammar does not expect.</summary>
internal static class SyntaxMessages
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["and"] = "'and' is written '&&'",
        ["or"] = "'or' is written '||'",
        ["not"] = "'not' is written '!' before the condition",
        ["is"] = "'is' is written '=='",
        ["contains"] = "'contains' is a method: text.contains('part')",
        ["matches"] = "'matches' is a method: text.matches('^a')",
        ["if"] = "a choice is written condition ? then : otherwise",
        ["then"] = "a choice is written condition ? then : otherwise",
        ["else"] = "a choice is written condition ? then : otherwise",
    };

    public static SyntaxException Of(IReadOnlyList<IToken> tokens, IToken offending)
    {
        var index = 0;
        while (index < tokens.Count - 1 && tokens[index].StartIndex < offending.StartIndex)
            index++;
        var token = tokens[index];
        var previous = index > 0 ? tokens[index - 1] : null;
        return Word(token) ?? (previous is null ? null : Word(previous)) ?? new(token.StartIndex, Length(token), Message(token, previous));
    }

    private static SyntaxException? Word(IToken token) =>
        token.Type == CelLexer.IDENTIFIER && Words.TryGetValue(token.Text, out var message) ? new(token.StartIndex, Length(token), message) : null;

    private static string Message(IToken token, IToken? previous)
    {
        var here = token.Type == TokenConstants.EOF ? "the expression ends" : $"'{Shown(token)}' stands";
        if (previous is null)
            return $"{here} where a value must begin";
        if (previous.Type == CelLexer.DOT)
            return token.Type is CelLexer.IN or CelLexer.CEL_TRUE or CelLexer.CEL_FALSE or CelLexer.NUL
                ? $"'{token.Text}' is a word of the language; as a name it is written ['{token.Text}']"
                : $"{here} where a name must follow '.'; a name that is no plain word is written ['name']";
        if (!EndsValue(previous))
            return $"{here} where a value must follow '{Shown(previous)}'";
        if (token.Type == TokenConstants.EOF)
            return $"{here} too early after '{Shown(previous)}': the '? :' of a choice is not complete";
        return BeginsValue(token)
            ? $"'{Shown(token)}' follows '{Shown(previous)}' without an operator, such as && or =="
            : $"{here} where an operator must follow '{Shown(previous)}'";
    }

    private static bool EndsValue(IToken token) => token.Type is CelLexer.IDENTIFIER or CelLexer.RPAREN or CelLexer.RPRACKET or CelLexer.RBRACE || IsLiteral(token);

    private static bool BeginsValue(IToken token) => token.Type is CelLexer.IDENTIFIER or CelLexer.LPAREN or CelLexer.LBRACE or CelLexer.EXCLAM || IsLiteral(token);

    private static bool IsLiteral(IToken token) => token.Type is CelLexer.STRING or CelLexer.BYTES or CelLexer.NUM_INT or CelLexer.NUM_UINT or CelLexer.NUM_FLOAT
        or CelLexer.CEL_TRUE or CelLexer.CEL_FALSE or CelLexer.NUL;

    private static int Length(IToken token) => Math.Max(0, token.StopIndex - token.StartIndex + 1);

    private static string Shown(IToken token) => ControlCharacters.Escape(token.Text.Length <= 40 ? token.Text : token.Text[..40] + "...");
}
