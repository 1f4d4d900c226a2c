using System.Globalization;
using Osapi.Operations.Node;

namespace Osapi.Agent.Hosts;

/// <summary>Reads /proc/meminfo (proc_meminfo(5)).</summary>
internal static class MemoryInfo
{
    private const string Path = "/proc/meminfo";

    public static Memory ReadMemory(this Host host)
    {
        Dictionary<string, long> fields = [];
        foreach (var line in host.Read(Path).Split('\n'))
            if (line.Split(':', 2) is [var name, var value] && Kibibytes(value) is { } kibibytes)
                fields[name] = kibibytes;

        if (!fields.TryGetValue("MemTotal", out var total) || !fields.TryGetValue("MemFree", out var free))
            throw HostFiles.Garbled(Path, "MemTotal and MemFree");
        // Kernels before 3.14 have no MemAvailable. What they could drop at once is their caches, but for shared memory,
        // which counts as cached and has nowhere to go.
        if (!fields.TryGetValue("MemAvailable", out var available))
            available = free + Math.Max(0, Field("Buffers") + Field("Cached") + Field("SReclaimable") - Field("Shmem"));
        available = Math.Min(available, total);
        return new(total * 1024, free * 1024, (total - available) * 1024, available * 1024);

        long Field(string name) => fields.GetValueOrDefault(name);
    }

    private static long? Kibibytes(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var number, "kB", ..]
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value < long.MaxValue / 4096
            ? value
            : null;
}
