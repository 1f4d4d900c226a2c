namespace Osapi.Plans.Yaml;

/// <summary>The parts of a line of block YAML: indentation, dashes, key, value, comment. Columns count from 0.</summary>
/// <param name="Text">The line.</param>
internal readonly record struct SourceLine(string Text)
{
    /// <summary>The column of the first character that is no space.</summary>
    public int Indent => Text.Length - Text.TrimStart(' ').Length;

    public bool IsBlank => Text.AsSpan().Trim().IsEmpty || Text.AsSpan().TrimStart()[0] == '#';

    /// <summary>The column after the indentation and the dashes of lists.</summary>
    public int Content
    {
        get
        {
            var at = Indent;
            while (at + 1 < Text.Length && Text[at] == '-' && Text[at + 1] == ' ')
                at += 1 + Text.AsSpan(at + 1).Length - Text.AsSpan(at + 1).TrimStart(' ').Length;
            return at;
        }
    }

    /// <summary>The column of the colon after the key; -1 when the line has none.</summary>
    public int Colon
    {
        get
        {
            var start = Content;
            var at = start < Text.Length && Text[start] is '"' or '\'' ? Text.IndexOf(Text[start], start + 1) + 1 : start;
            for (; at >= start && at < Text.Length; at++)
                if (Text[at] == ':' && (at + 1 == Text.Length || Text[at + 1] is ' ' or '\t'))
                    return at;
                else if (Text[at] is '"' or '\'' or '{' or '[' or '#' && (at == start || Text[at - 1] == ' '))
                    break;
            return -1;
        }
    }

    /// <summary>The column of the value: after the key, or the content of a line without a key.</summary>
    public int Value
    {
        get
        {
            var at = Colon is >= 0 and var colon ? colon + 1 : Content;
            while (at < Text.Length && Text[at] == ' ')
                at++;
            return at;
        }
    }

    /// <summary>The column after the value, before a comment.</summary>
    public int ValueEnd
    {
        get
        {
            var comment = Value < Text.Length ? Text.IndexOf(" #", Value, StringComparison.Ordinal) : -1;
            return (comment < 0 ? Text : Text[..comment]).TrimEnd().Length;
        }
    }

    /// <summary>Returns the line with its value in quotes.</summary>
    public string WithQuotedValue() => WithValue(Quoted(Text[Value..Math.Max(Value, ValueEnd)]));

    public string WithValue(string value) => Text[..Value] + value + Text[Math.Max(Value, ValueEnd)..];

    /// <summary>Returns a text in quotes: double ones, unless the text has such or a backslash.</summary>
    public static string Quoted(string text) => text.Contains('"', StringComparison.Ordinal) || text.Contains('\\', StringComparison.Ordinal)
        ? "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'"
        : "\"" + text + "\"";
}
