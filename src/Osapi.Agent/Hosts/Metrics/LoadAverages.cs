using System.Globalization;
using Osapi.Operations.Node;

namespace Osapi.Agent.Hosts.Metrics;

/// <summary>Reads /proc/loadavg (proc_loadavg(5)).</summary>
internal static class LoadAverages
{
    private const string Path = "/proc/loadavg";

    public static LoadAverage ReadLoad(this Host host) =>
        host.Read(Path).Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var one, var five, var fifteen, ..]
        && Number(one) is { } last1 && Number(five) is { } last5 && Number(fifteen) is { } last15
            ? new() { OneMinute = last1, FiveMinutes = last5, FifteenMinutes = last15 }
            : throw HostFiles.InvalidText(Path, "three averages");

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
