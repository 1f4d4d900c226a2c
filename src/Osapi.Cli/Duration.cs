using System.Globalization;

namespace Osapi.Cli;

/// <summary>Parses and formats durations: a whole number and a unit, such as <c>90s</c>, <c>15m</c>, <c>12h</c> or <c>7d</c>.</summary>
internal static class Duration
{
    /// <summary>The description of the format for error messages.</summary>
    public const string Expected = "a whole number of s, m, h or d";

    /// <summary>Formats a duration of whole seconds in its largest whole unit: <c>90s</c>, <c>15m</c>.</summary>
    public static string Text(TimeSpan time) => time.Ticks switch
    {
        var ticks when ticks % TimeSpan.TicksPerDay == 0 => $"{time.Days}d",
        var ticks when ticks % TimeSpan.TicksPerHour == 0 => $"{(int)time.TotalHours}h",
        var ticks when ticks % TimeSpan.TicksPerMinute == 0 => $"{(int)time.TotalMinutes}m",
        _ => $"{(int)time.TotalSeconds}s",
    };

    /// <summary>Parses a duration; null when the text is not one, or exceeds a limit.</summary>
    public static TimeSpan? Read(string text, TimeSpan max)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            return null;
        var unit = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => TimeSpan.MaxValue,
        };
        // Checked before multiplying: the product of many days exceeds a TimeSpan.
        return number <= max.Ticks / unit.Ticks ? number * unit : null;
    }
}
