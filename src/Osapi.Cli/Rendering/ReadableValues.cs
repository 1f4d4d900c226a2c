using System.Globalization;

namespace Osapi.Cli.Rendering;

/// <summary>The text forms of sizes, durations and times for people: <c>1.2 MiB</c>, <c>3.4 s</c>, <c>2 min ago</c>.</summary>
internal static class ReadableValues
{
    private const int Step = 1024;
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>Formats a number of bytes in the largest unit of which it has at least one.</summary>
    public static string Size(decimal bytes)
    {
        var unit = 0;
        // What would be printed as 1024.0 is 1.0 of the next unit.
        for (; Math.Abs(bytes) >= Step - 0.05m && unit < Units.Length - 1; unit++)
            bytes /= Step;
        return unit == 0 ? Invariant($"{bytes:0.#} {Units[unit]}") : Invariant($"{bytes:0.0} {Units[unit]}");
    }

    /// <summary>Formats a duration in at most two units: <c>24 ms</c>, <c>3.4 s</c>, <c>2 min 5 s</c>, <c>1 h 12 min</c>, <c>3 d 4 h</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => Pair(time.Days, "d", time.Hours, "h"),
        { TotalHours: >= 1 } => Pair(time.Hours, "h", time.Minutes, "min"),
        { TotalSeconds: >= 59.95 } => Pair((int)Math.Round(time.TotalSeconds) / 60, "min", (int)Math.Round(time.TotalSeconds) % 60, "s"),
        { TotalMilliseconds: >= 999.5 } => Invariant($"{time.TotalSeconds:0.0} s"),
        _ => Invariant($"{Math.Max(0, time.TotalMilliseconds):0} ms"),
    };

    /// <summary>Formats a duration that is shown while it changes: <c>5 s</c>, <c>2 min 5 s</c>.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds < 60 ? $"{Math.Max(0, (int)time.TotalSeconds)} s" : Duration(TimeSpan.FromSeconds(Math.Floor(time.TotalSeconds)));

    /// <summary>Formats a time: its age when it is less than a day old, otherwise the local date and time.</summary>
    public static string Time(DateTimeOffset time, DateTimeOffset now) => (now - time) switch
    {
        { Ticks: < 0 } or { TotalDays: >= 1 } => JobViews.Time(time),
        { TotalSeconds: < 60 } age => $"{age.Seconds} s ago",
        { TotalMinutes: < 60 } age => $"{age.Minutes} min ago",
        var age => $"{age.Hours} h ago",
    };

    /// <summary>Formats an age in its two largest units: <c>3d 4h</c>, <c>12h 5m</c>, <c>45m</c>, <c>30s</c>.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 1 } => $"{age.Days}d {age.Hours}h",
        { TotalHours: >= 1 } => $"{age.Hours}h {age.Minutes}m",
        { TotalMinutes: >= 1 } => $"{age.Minutes}m",
        _ => $"{Math.Max(0, age.Seconds)}s",
    };

    private static string Pair(int large, string largeUnit, int small, string smallUnit) => small == 0 ? $"{large} {largeUnit}" : $"{large} {largeUnit} {small} {smallUnit}";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
