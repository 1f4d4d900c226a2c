using System.Globalization;

namespace Osapi.Agent.Hosts.Metrics;

/// <summary>Reads /proc/uptime (proc_uptime(5)), and formats durations in the interface's two formats.</summary>
internal static class Uptime
{
    private const string Path = "/proc/uptime";

    public static TimeSpan ReadUptime(this Host host) =>
        host.Read(Path).Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var text, ..]
        && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < int.MaxValue * 100.0
            ? TimeSpan.FromSeconds(Math.Floor(seconds))
            : throw HostFiles.InvalidText(Path, "seconds since boot");

    /// <summary>
    /// Formats hours, minutes and seconds without leading zero units: <c>59s</c>, <c>1m0s</c>, <c>102h14m5s</c>.
    /// </summary>
    public static string Compact(TimeSpan uptime)
    {
        var hours = (long)uptime.TotalHours;
        return hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{hours}h{uptime.Minutes}m{uptime.Seconds}s")
            : uptime.Minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{uptime.Minutes}m{uptime.Seconds}s")
            : string.Create(CultureInfo.InvariantCulture, $"{uptime.Seconds}s");
    }

    /// <summary>Formats days, hours and minutes in words: <c>4 days, 6 hours, 1 minute</c>.</summary>
    public static string Describe(TimeSpan uptime) =>
        $"{Count((long)uptime.TotalDays, "day")}, {Count(uptime.Hours, "hour")}, {Count(uptime.Minutes, "minute")}";

    private static string Count(long number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number} {unit}{(number == 1 ? "" : "s")}");
}
