using System.Globalization;

namespace Osapi.Agent.Hosts.Facts;

/// <summary>Counts the processors of the machine, not those available to this process.</summary>
internal static class FactsProcessors
{
    private const string Online = "/sys/devices/system/cpu/online";

    /// <summary>Counts the processors in a list such as <c>0-3,6</c> (Documentation/admin-guide/cputopology.rst).</summary>
    public static int? Count(Host host)
    {
        if (Text(host) is not { Length: > 0 } text)
            return host.Root == "/" ? Environment.ProcessorCount : null;
        var count = 0;
        foreach (var range in text.Split(','))
        {
            var ends = range.Split('-').Select(end => int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).ToList();
            if (ends.Count > 2 || ends.Contains(-1) || ends[^1] < ends[0] || ends[^1] > 65535)
                return null;
            count += ends[^1] - ends[0] + 1;
        }

        return count;
    }

    private static string? Text(Host host)
    {
        try
        {
            return host.ReadFirst(Online)?.Trim();
        }
        catch (Operations.OperationException)
        {
            return null;
        }
    }
}
