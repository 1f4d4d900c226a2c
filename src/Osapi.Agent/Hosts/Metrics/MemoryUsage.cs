using System.Globalization;
using Osapi.Operations.Node;

namespace Osapi.Agent.Hosts.Metrics;

/// <summary>Reads /proc/meminfo (proc_meminfo(5)).</summary>
internal static class MemoryUsage
{
    private const string Path = "/proc/meminfo";

    // One exbibyte in kibibytes. It keeps sums of fields far from overflow.
    private const long MaxFileSize = 1L << 50;

    public static Memory ReadMemory(this Host host)
    {
        Dictionary<string, long> fields = [];
        foreach (var line in host.Read(Path).Split('\n'))
            if (line.Split(':', 2) is [var name, var value] && Kibibytes(value) is { } kibibytes)
                fields[name] = kibibytes;

        if (!fields.TryGetValue("MemTotal", out var total) || !fields.TryGetValue("MemFree", out var free))
            throw HostFiles.InvalidText(Path, "MemTotal and MemFree");
        if (!fields.TryGetValue("MemAvailable", out var available))
            available = Estimate(fields, free, MinFree(host));
        // In some containers the fields describe different machines; free(1) also falls back to the free memory.
        if (available > total)
            available = Math.Min(free, total);
        return new(total * 1024, free * 1024, (total - available) * 1024, available * 1024);
    }

    /// <summary>
    /// Estimates MemAvailable for kernels before 3.14, as free(1) and later kernels do: the free memory, the page cache
    /// of files, and the reclaimable slabs, less the part of each that must stay for the machine to run well.
    /// </summary>
    private static long Estimate(Dictionary<string, long> fields, long free, long minFree)
    {
        var low = minFree * 5 / 4;
        var cache = fields.GetValueOrDefault("Active(file)") + fields.GetValueOrDefault("Inactive(file)");
        var slabs = fields.GetValueOrDefault("SReclaimable");
        return Math.Max(0, free - low + cache - Math.Min(cache / 2, low) + slabs - Math.Min(slabs / 2, low));
    }

    private static long MinFree(Host host) =>
        host.ReadFirst("/proc/sys/vm/min_free_kbytes") is { } text
        && long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value < MaxFileSize ? value : 0;

    private static long? Kibibytes(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var number, "kB", ..]
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value < MaxFileSize
            ? value
            : null;
}
