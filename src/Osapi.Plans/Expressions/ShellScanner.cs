using System.Text.RegularExpressions;

namespace Osapi.Plans.Expressions;

/// <summary>Follows the quotes of a shell line (POSIX sh, dash, bash, BusyBox), to know where values stand.</summary>
/// <remarks>
/// It knows what a value can safely stand in, and refuses everything behind what it does not follow, such as here-documents. It may
/// refuse too much, and never too little.
/// </remarks>
internal sealed partial class ShellScanner
{
    private const string Instead = "; pass the value in 'env' and write \"$NAME\" here";

    // Double quotes, brackets and substitutions ('$') that are open: "$(a "b")" has two levels of quotes.
    private readonly Stack<char> open = new();
    private bool inSingle;
    private bool inComment;
    private bool inSubscript;
    private bool afterBackslash;
    private bool atWord = true;
    private char previous = ' ';
    private string? lost;
    private readonly ShellCommandWords words = new();

    /// <summary>Gets the place behind what was read.</summary>
    public ShellPlace Place => new(inSingle ? '\'' : IsQuoted ? '"' : null, Refusal);

    private bool IsQuoted => open.TryPeek(out var top) && top == '"';

    private string? Refusal => lost is not null ? lost + Instead
        : inComment ? "this is in a comment of the shell, which the value could leave"
        : afterBackslash ? "a backslash stands before it; values are quoted already"
        : previous == '$' && !inSingle ? "a '$' stands before it" + Instead
        : inSubscript ? "this is in the brackets behind a name, which a shell may calculate" + Instead
        : null;

    /// <summary>Reads the characters up to the next value or the end.</summary>
    public void Read(string text)
    {
        if (afterBackslash && text.Length > 0)
            Lose("a backslash stands before a value");
        for (var at = 0; at < text.Length && lost is null; at++)
            at = inSingle ? InSingle(text, at) : IsQuoted ? InDouble(text, at) : inComment ? InComment(text, at) : Outside(text, at);
    }

    /// <summary>Notes that a value stands here.</summary>
    public void ReadValue() => Skip('_', 0);

    private int InSingle(string text, int at)
    {
        inSingle = text[at] != '\'';
        return Next(text, at);
    }

    private int InComment(string text, int at)
    {
        if (text[at] == '\n')
            (inComment, atWord) = (false, true);
        return Next(text, at);
    }

    private int InDouble(string text, int at)
    {
        switch (text[at])
        {
            case '\\':
                return Escaped(text, at);
            case '"':
                open.Pop();
                atWord = false;
                break;
            case '`':
                Lose("it stands behind a '`'");
                break;
            case '$':
                return Dollar(text, at);
        }

        return Next(text, at);
    }

    private int Outside(string text, int at)
    {
        var character = text[at];
        switch (character)
        {
            case '\\':
                return Escaped(text, at);
            case '\'':
                inSingle = true;
                break;
            case '"':
                open.Push('"');
                break;
            case '`':
                Lose("it stands behind a '`'");
                break;
            case '$':
                return Dollar(text, at);
            case '#' when atWord:
                inComment = true;
                break;
            case '(' when previous == '(':
                Lose("it stands behind '((', where a shell calculates");
                break;
            case '(':
                open.Push('(');
                break;
            case ')' when open.Count > 0 && open.Pop() == '$':
                return Skip(')', at);
            case '<' when previous == '<':
                Lose("it stands behind '<<', a here-document");
                break;
            case '[' when previous == '[':
                Lose("it stands behind '[['");
                break;
            case '[' when char.IsAsciiLetterOrDigit(previous) || previous == '_':
                inSubscript = true;
                break;
            case ']':
                inSubscript = false;
                break;
        }

        if (character is ' ' or '\t' or '\n')
            inSubscript = false;
        atWord = character is ' ' or '\t' or '\n' or ';' or '|' or '&' or '(' or ')' or '<' or '>';
        if (!atWord)
            words.Add(character);
        else if (words.End(character, isBracketed: open.Count > 0) is { } reason)
            Lose(reason);
        return Next(text, at);
    }

    private int Escaped(string text, int at)
    {
        if (at + 1 == text.Length)
        {
            afterBackslash = true;
            return at;
        }

        // A line that continues: the shell takes both characters away before it looks for operators.
        if (text[at + 1] == '\n')
        {
            if (previous is '$' or '<' or '(' or '[')
                Lose("an operator before it is split by a line that continues");
            return at + 1;
        }

        return Skip('_', at + 1);
    }

    private int Dollar(string text, int at)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith("$((", StringComparison.Ordinal) || rest.StartsWith("$[", StringComparison.Ordinal))
            Lose("it stands behind '$((', where a shell calculates");
        else if (rest.StartsWith("$'", StringComparison.Ordinal) && !IsQuoted)
            Lose("it stands behind $'..'");
        else if (rest.StartsWith("${", StringComparison.Ordinal) && SimpleParameter.Match(text, at) is { Success: false })
            Lose("it stands behind '${..}' with more than a name");
        else if (rest.StartsWith("${", StringComparison.Ordinal))
            return Skip('}', at + SimpleParameter.Match(text, at).Length - 1);
        else if (rest.StartsWith("$(", StringComparison.Ordinal))
            return Enter(at + 1);
        else if (rest is ['$', '$' or '#' or '!' or '?' or '*' or '@' or '-', ..])
            return Skip('_', at + 1);
        else
            Skip('$', at);
        return Next(text, at);
    }

    private int Enter(int at)
    {
        open.Push('$');
        (atWord, previous) = (true, '(');
        words.Begin();
        return at;
    }

    private int Skip(char last, int at)
    {
        (atWord, previous) = (false, last);
        words.Add('_');
        return at;
    }

    private int Next(string text, int at)
    {
        previous = text[at];
        return at;
    }

    private void Lose(string reason) => lost ??= reason;

    [GeneratedRegex(@"\G\$\{[A-Za-z0-9_@*#?!$-]+(:?[-=?+][A-Za-z0-9_./:@%+,-]*|[%#]{1,2}[A-Za-z0-9_./:@+,*?-]*)?\}", RegexOptions.CultureInvariant)]
    private static partial Regex SimpleParameter { get; }
}
