using System.Text;
using Osapi.Operations;

namespace Osapi.Cli.RunReports;

/// <summary>Makes any text plain text in Markdown.</summary>
internal static class MarkdownText
{
    private const int MaxLength = 400;

    // The punctuation that can begin markup, HTML, a reference to a character, an emoji, or a mention of somebody.
    private const string Special = @"\`*_{}[]()<>#+-.!|~&:@$^=/";

    /// <summary>Returns the text on one line with its punctuation escaped.</summary>
    public static string Of(string text)
    {
        StringBuilder plain = new(text.Length);
        foreach (var rune in ControlCharacters.Escape(text.Length > MaxLength ? $"{text[..MaxLength]}..." : text).EnumerateRunes())
            if (rune.Value < 128 && Special.Contains((char)rune.Value))
                plain.Append("&#").Append(rune.Value).Append(';');
            else
                plain.Append(rune.ToString());
        return plain.ToString();
    }

    /// <summary>Returns lines as a block of code, with a fence that is longer than any in them.</summary>
    public static string Block(IReadOnlyList<string> lines, string indent)
    {
        var fence = new string('`', Math.Max(3, lines.Max(line => Longest(line)) + 1));
        StringBuilder block = new();
        block.Append('\n').Append(indent).Append(fence).Append("text\n");
        foreach (var line in lines)
            block.Append(indent).Append(ControlCharacters.Escape(line.Length > MaxLength ? $"{line[..MaxLength]}..." : line, keepTabs: true)).Append('\n');
        return block.Append(indent).Append(fence).Append("\n\n").ToString();
    }

    private static int Longest(string line)
    {
        var (longest, length) = (0, 0);
        foreach (var letter in line)
        {
            length = letter == '`' ? length + 1 : 0;
            longest = Math.Max(longest, length);
        }

        return longest;
    }
}
