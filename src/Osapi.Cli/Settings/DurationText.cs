using System.Globalization;

namespace Osapi.Cli.Settings;

/// <summary>Times as people write them: <c>30s</c>, <c>15m</c>, <c>12h</c>, <c>7d</c>.</summary>
internal static class DurationText
{
    /// <summary>The time; null when the text is none.</summary>
    public static TimeSpan? Read(string text)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            return null;
        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            // More days than a time can have.
            'd' when number < 1_000_000 => TimeSpan.FromDays(number),
            _ => null,
        };
    }
}
