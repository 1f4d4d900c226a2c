using System.Globalization;
using System.Text;
using Osapi.Operations;

namespace Osapi.Plans.Yaml;

/// <summary>The columns that characters take on a terminal.</summary>
internal static class TextWidth
{
    private const int TabWidth = 4;

    // Blocks of wide characters (Unicode, EastAsianWidth W and F), joined where what lies between them is not assigned.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x231A, 0x231B), (0x23E9, 0x23EC), (0x25FD, 0x25FE), (0x2614, 0x2615), (0x2648, 0x2653), (0x26A1, 0x26A1), (0x26D4, 0x26D4), (0x2705, 0x2705), (0x274C, 0x274C),
        (0x2E80, 0x303E), (0x3041, 0xA4CF), (0xA960, 0xA97F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6),
        (0x1F000, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    /// <summary>Returns a character as it is printed, and the columns that it takes. Nothing that is printed controls the terminal.</summary>
    public static (string Text, int Width) Of(string line, int index, out int length)
    {
        if (!Rune.TryGetRuneAt(line, index, out var rune))
        {
            length = 1;
            return ("\uFFFD", 1);
        }

        length = rune.Utf16SequenceLength;
        if (rune.Value == '\t')
            return (new(' ', TabWidth), TabWidth);
        var text = ControlCharacters.Escape(rune.ToString());
        if (text.Length > length)
            return (text, text.Length);
        return (text, Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
            _ => IsWide(rune.Value) ? 2 : 1,
        });
    }

    private static bool IsWide(int value) => value >= 0x1100 && Array.Exists(Wide, range => value >= range.First && value <= range.Last);
}
