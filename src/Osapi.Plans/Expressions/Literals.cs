using System.Globalization;
using System.Text;
using Antlr4.Runtime;

namespace Osapi.Plans.Expressions;

/// <summary>The values of literals.</summary>
internal static class Literals
{
    public static long Int(IToken? sign, IToken token)
    {
        var digits = token.Text.AsSpan();
        var isHex = digits.StartsWith("0x", StringComparison.Ordinal);
        var style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        if (UInt128.TryParse(isHex ? digits[2..] : digits, style, CultureInfo.InvariantCulture, out var value) && digits.Length <= 40)
        {
            if (sign is null && value <= (UInt128)long.MaxValue)
                return (long)value;
            if (sign is not null && value <= (UInt128)long.MaxValue + 1)
                return (long)-(Int128)value;
        }

        throw new SyntaxException(token.StartIndex, token.Text.Length, $"an int has 64 bits: from {long.MinValue} to {long.MaxValue}; write a larger number with a fraction, such as 1e20");
    }

    public static double Number(IToken? sign, IToken token)
    {
        var value = double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (double.IsInfinity(value))
            throw new SyntaxException(token.StartIndex, token.Text.Length, "the number is too large");
        return sign is null ? value : -value;
    }

    public static string Text(IToken token)
    {
        var text = token.Text.AsSpan();
        var isRaw = text[0] is 'r' or 'R';
        if (isRaw)
            text = text[1..];
        var quotes = text.Length >= 6 && text[0] == text[1] && text[1] == text[2] ? 3 : 1;
        var offset = token.StartIndex + (isRaw ? 1 : 0) + quotes;
        text = text[quotes..^quotes];
        return isRaw || !text.Contains('\\') ? text.ToString() : Unescape(text, offset);
    }

    private static string Unescape(ReadOnlySpan<char> text, int offset)
    {
        StringBuilder value = new(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\')
            {
                value.Append(text[at]);
                continue;
            }

            var digits = text[++at] switch { 'x' or 'X' => 2, 'u' => 4, 'U' => 8, _ => 0 };
            if (digits > 0)
            {
                value.Append(Character(text.Slice(at + 1, digits), 16, offset + at - 1, digits + 2));
                at += digits;
            }
            else if (text[at] is >= '0' and <= '3')
            {
                value.Append(Character(text.Slice(at, 3), 8, offset + at - 1, 4));
                at += 2;
            }
            else
            {
                value.Append(text[at] switch { 'a' => '\a', 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', 'v' => '\v', var same => same });
            }
        }

        return value.ToString();
    }

    private static string Character(ReadOnlySpan<char> digits, int radix, int offset, int length)
    {
        var code = Convert.ToUInt32(digits.ToString(), radix);
        return Rune.TryCreate(code, out var rune) ? rune.ToString() : throw new SyntaxException(offset, length, $"U+{code:X4} is not a character of Unicode");
    }
}
