using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Osapi.Plans;

/// <summary>A duration in text form: a whole number and a unit, such as <c>90s</c>, <c>15m</c>, <c>12h</c> or <c>7d</c>.</summary>
/// <param name="Value">The duration.</param>
internal readonly record struct Duration(TimeSpan Value) : IParsable<Duration>
{
    /// <summary>The expected form, for error messages.</summary>
    public const string Expected = "a whole number of s, m, h or d";

    /// <summary>Parses a duration of at least one second.</summary>
    /// <exception cref="FormatException">The text is not a duration.</exception>
    public static Duration Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var duration) ? duration : throw new FormatException($"'{s}' is not a time: expected {Expected}");

    /// <summary>Parses a duration of at least one second; false when the text is not a duration.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Duration result)
    {
        result = default;
        if (s is not { Length: >= 2 } || !int.TryParse(s[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            return false;
        var unit = s[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => TimeSpan.MaxValue,
        };
        // Checked before the multiplication, which could overflow a TimeSpan.
        if (unit == TimeSpan.MaxValue || number > TimeSpan.MaxValue.Ticks / unit.Ticks)
            return false;
        result = new(number * unit);
        return true;
    }

    /// <summary>Formats a duration of whole seconds in its largest whole unit: <c>90s</c>, <c>15m</c>.</summary>
    public override string ToString() => Value.Ticks switch
    {
        var ticks when ticks % TimeSpan.TicksPerDay == 0 => $"{Value.Days}d",
        var ticks when ticks % TimeSpan.TicksPerHour == 0 => $"{(int)Value.TotalHours}h",
        var ticks when ticks % TimeSpan.TicksPerMinute == 0 => $"{(int)Value.TotalMinutes}m",
        _ => $"{(int)Value.TotalSeconds}s",
    };
}
