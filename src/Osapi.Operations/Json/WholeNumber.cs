using System.Globalization;

namespace Osapi.Operations.Json;

/// <summary>
/// Parses whole numbers in every form that JSON has for them: JSON Schema's <c>integer</c> is a number without a fraction, such as
/// <c>1.0</c> and <c>1e3</c>.
/// </summary>
internal static class WholeNumber
{
    private const int MaxDigits = 19;

    /// <summary>Returns the number; null when the text is not a number, has a fraction, or exceeds 64 bits. Nothing is rounded.</summary>
    public static long? Parse(ReadOnlySpan<char> text)
    {
        var exponentAt = text.IndexOfAny('e', 'E');
        var exponent = 0;
        if (exponentAt >= 0 && !int.TryParse(text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            return null;
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var sign = mantissa.StartsWith('-') ? "-" : "";
        var point = mantissa.IndexOf('.');
        var whole = mantissa[sign.Length..(point < 0 ? mantissa.Length : point)];
        var fraction = point < 0 ? "" : mantissa[(point + 1)..];
        if (whole.IsEmpty || (point >= 0 && fraction.IsEmpty) || whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9'))
            return null;
        var digits = string.Concat(whole, fraction);
        var significant = digits.AsSpan().TrimEnd('0');
        // A long, because an exponent may be as large as an int.
        var zeros = (long)exponent - fraction.Length + (digits.Length - significant.Length);
        significant = significant.TrimStart('0');
        if (significant.IsEmpty)
            return 0;
        if (zeros < 0 || significant.Length + zeros > MaxDigits)
            return null;
        return long.TryParse($"{sign}{significant}{new string('0', (int)zeros)}", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
