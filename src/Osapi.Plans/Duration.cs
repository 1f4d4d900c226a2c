using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Osapi.Plans;

/// <summary>A duration in text form: whole numbers with their units, the largest first, such as <c>500ms</c>, <c>90s</c>, <c>1m30s</c>, <c>2h</c> or <c>7d</c>.</summary>
/// <param name="Value">The duration.</param>
internal readonly record struct Duration(TimeSpan Value) : IParsable<Duration>
{
    /// <summary>The expected form, for error messages.</summary>
    public const string Expected = "a time such as 500ms, 90s, 1m30s, 2h or 7d";

    // The largest first.
    private static readonly (string Name, TimeSpan Value)[] Units =
        [("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1))];

    /// <summary>Parses a duration of at least one millisecond.</summary>
    /// <exception cref="FormatException">The text is not a duration.</exception>
    public static Duration Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var duration) ? duration : throw new FormatException($"'{s}' is not a time: expected {Expected}");

    /// <summary>Parses a duration of at least one millisecond; false when the text is not a duration.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Duration result)
    {
        result = default;
        var rest = s.AsSpan();
        var (next, total) = (0, TimeSpan.Zero);
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits < 1 || !int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return false;
            rest = rest[digits..];
            var letters = rest.IndexOfAnyInRange('0', '9') is >= 0 and var end ? end : rest.Length;
            var unit = IndexOf(rest[..letters]);
            // Each unit once, in order; checked before the multiplication, which could overflow a TimeSpan.
            if (unit < next || number > (TimeSpan.MaxValue - total).Ticks / Units[unit].Value.Ticks)
                return false;
            rest = rest[letters..];
            (next, total) = (unit + 1, total + number * Units[unit].Value);
        }

        result = new(total);
        return total > TimeSpan.Zero;
    }

    /// <summary>Formats a duration in its largest whole unit: <c>90s</c>, <c>15m</c>.</summary>
    public override string ToString()
    {
        foreach (var (name, unit) in Units)
            if (Value.Ticks % unit.Ticks == 0)
                return $"{Value.Ticks / unit.Ticks}{name}";
        return $"{(long)Value.TotalMilliseconds}ms";
    }

    private static int IndexOf(ReadOnlySpan<char> name)
    {
        for (var unit = 0; unit < Units.Length; unit++)
            if (name.SequenceEqual(Units[unit].Name))
                return unit;
        return -1;
    }
}
