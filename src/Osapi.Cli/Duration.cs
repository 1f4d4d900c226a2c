using System.Globalization;

namespace Osapi.Cli;

/// <summary>A length of time as people write it: a whole number and a unit, such as <c>90s</c>, <c>15m</c>, <c>12h</c> or <c>7d</c>.</summary>
internal static class Duration
{
    /// <summary>What is expected, to follow a complaint.</summary>
    public const string Expected = "a whole number of s, m, h or d";

    /// <summary>The time; null when the text is none, or is longer than a limit.</summary>
    public static TimeSpan? Read(string text, TimeSpan longest)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            return null;
        var time = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => TimeSpan.MaxValue,
        };
        return time <= longest ? time : null;
    }
}
