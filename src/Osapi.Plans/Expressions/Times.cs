using System.Globalization;
using System.Text.RegularExpressions;

namespace Osapi.Plans.Expressions;

/// <summary>Timestamps (RFC 3339) and durations (<c>1h30m</c>), in steps of 100 ns.</summary>
internal static partial class Times
{
    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(315_576_000_000);

    private static readonly Dictionary<string, decimal> Units = new()
    {
        ["d"] = TimeSpan.TicksPerDay,
        ["h"] = TimeSpan.TicksPerHour,
        ["m"] = TimeSpan.TicksPerMinute,
        ["s"] = TimeSpan.TicksPerSecond,
        ["ms"] = TimeSpan.TicksPerMillisecond,
        ["us"] = TimeSpan.TicksPerMicrosecond,
        ["ns"] = 0.01m,
    };

    /// <summary>Gets the methods for the parts of a timestamp (UTC) and of a duration.</summary>
    public static IReadOnlyList<Function> Parts { get; } =
    [
        Part("getFullYear", time => time.Year),
        Part("getMonth", time => time.Month - 1),
        Part("getDate", time => time.Day),
        Part("getDayOfMonth", time => time.Day - 1),
        Part("getDayOfWeek", time => (int)time.DayOfWeek),
        Part("getDayOfYear", time => time.DayOfYear - 1),
        Part("getHours", time => time.Hour),
        Part("getMinutes", time => time.Minute),
        Part("getSeconds", time => time.Second),
        Part("getMilliseconds", time => time.Millisecond),
        Part("getHours", duration => duration.Ticks / TimeSpan.TicksPerHour),
        Part("getMinutes", duration => duration.Ticks / TimeSpan.TicksPerMinute),
        Part("getSeconds", duration => duration.Ticks / TimeSpan.TicksPerSecond),
        Part("getMilliseconds", duration => (long)duration.Milliseconds),
    ];

    /// <summary>Parses a timestamp; null when the text is none.</summary>
    public static DateTimeOffset? Timestamp(string text)
    {
        if (text.Length > 60 || TimestampForm.Match(text) is not { Success: true } match)
            return null;
        // More digits than the type holds are cut.
        var fraction = match.Groups[2].Value;
        var kept = match.Groups[1].Value + (fraction.Length > 8 ? fraction[..8] : fraction) + match.Groups[3].Value;
        return DateTimeOffset.TryParse(kept, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) ? time.ToUniversalTime() : null;
    }

    public static DateTimeOffset OfUnix(long seconds)
    {
        try
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new ValueException("the timestamp is not between the years 1 and 9999");
        }
    }

    /// <summary>Checks the range of a duration: 10,000 years, as in CEL.</summary>
    public static TimeSpan Checked(TimeSpan duration) => duration.Duration() <= MaxDuration ? duration : throw new ValueException("the duration is longer than 10,000 years");

    /// <summary>Parses a duration; null when the text is none.</summary>
    public static TimeSpan? Duration(string text)
    {
        if (text is "0" or "-0" or "+0")
            return TimeSpan.Zero;
        if (text.Length > 60 || DurationForm.Match(text) is not { Success: true } match)
            return null;
        try
        {
            var ticks = 0m;
            foreach (var (number, unit) in match.Groups[2].Captures.Zip(match.Groups[3].Captures))
                ticks += decimal.Parse("0" + number.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * Units[unit.Value];
            return Checked(TimeSpan.FromTicks((long)(match.Groups[1].Value == "-" ? -ticks : ticks)));
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static Function Part(string name, Func<DateTimeOffset, int> part) =>
        Functions.Method(name, [ValueType.Timestamp], ValueType.Int, (args, _) => (long)part(((DateTimeOffset)args[0]!).ToUniversalTime()));

    private static Function Part(string name, Func<TimeSpan, long> part) =>
        Functions.Method(name, [ValueType.Duration], ValueType.Int, (args, _) => part((TimeSpan)args[0]!));

    [GeneratedRegex(@"\A([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex TimestampForm { get; }

    [GeneratedRegex(@"\A([+-])?(?:([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(d|h|ms|m|s|us|ns))+\z", RegexOptions.CultureInvariant)]
    private static partial Regex DurationForm { get; }
}
