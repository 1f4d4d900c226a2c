using System.Buffers;
using System.Globalization;
using System.Text;

namespace Osapi.Operations;

/// <summary>
/// Characters that can change how a terminal, a log or a reader displays text: C0, DEL and C1 (ECMA-48), line and paragraph
/// separators, and bidirectional controls (Unicode, property Bidi_Control). Names must not contain them, and they are escaped where
/// text from outside is shown.
/// </summary>
internal static class ControlCharacters
{
    /// <summary>The characters as the content of a character class in a regular expression.</summary>
    internal const string Class = @"\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069";

    private static readonly SearchValues<char> All = SearchValues.Create(
    [
        .. Range('\u0000', '\u001f'), .. Range('\u007f', '\u009f'), '\u061c', '\u200e', '\u200f', .. Range('\u2028', '\u202e'), .. Range('\u2066', '\u2069'),
    ]);

    /// <summary>Determines whether the text contains any of them, including line breaks and tabs.</summary>
    public static bool AreIn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().ContainsAny(All);
    }

    /// <summary>Escapes each of them: <c>\n</c>, <c>\r</c> and <c>\t</c>, the others as <c>\u001b</c>. The result is one line.</summary>
    /// <param name="text">The text; null is treated as empty.</param>
    /// <param name="keepTabs">True to leave tabs unescaped.</param>
    public static string Escape(string? text, bool keepTabs = false)
    {
        if (text is null || !AreIn(text))
            return text ?? "";
        StringBuilder escaped = new(text.Length + 16);
        foreach (var character in text)
            if (!All.Contains(character) || (keepTabs && character == '\t'))
                escaped.Append(character);
            else
                _ = character switch
                {
                    '\n' => escaped.Append(@"\n"),
                    '\r' => escaped.Append(@"\r"),
                    '\t' => escaped.Append(@"\t"),
                    _ => escaped.Append(CultureInfo.InvariantCulture, $@"\u{(int)character:x4}"),
                };
        return escaped.ToString();
    }

    private static IEnumerable<char> Range(char first, char last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
