using System.Text.RegularExpressions;

namespace Osapi.Operations.Json;

/// <summary>Decimal numbers in text.</summary>
internal static partial class DecimalNumber
{
    /// <summary>
    /// Determines whether the text is a number in canonical form, so that it prints unchanged: <c>8080</c>, <c>-1.5</c>, and not
    /// <c>1.10</c>, <c>0644</c>, <c>+5</c>, <c>1e3</c> or a number with more than 15 digits.
    /// </summary>
    public static bool IsPlain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= 17 && text.Count(char.IsAsciiDigit) <= 15 && Grammar.IsMatch(text);
    }

    [GeneratedRegex(@"\A(0|-?[1-9][0-9]*|-?(0|[1-9][0-9]*)\.[0-9]{0,3}[1-9])\z")]
    private static partial Regex Grammar { get; }
}
