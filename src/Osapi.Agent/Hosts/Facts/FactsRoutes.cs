using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Numerics;
using Osapi.Operations;
using Osapi.Operations.Facts;

namespace Osapi.Agent.Hosts.Facts;

/// <summary>Reads /proc/net/route and /proc/net/ipv6_route (proc_pid_net(5), linux/route.h).</summary>
internal static class FactsRoutes
{
    private const uint Up = 0x1, Reject = 0x200, Local = 0x80000000, Anycast = 0x00100000;

    public static IReadOnlyList<FactRoute> Read(Host host) =>
        [.. Lines(host, "/proc/net/route").Skip(1).Select(Ipv4).OfType<FactRoute>(), .. Lines(host, "/proc/net/ipv6_route").Select(Ipv6).OfType<FactRoute>()];

    /// <summary>Gets the interface of the kernel's preferred default route.</summary>
    public static string? Primary(IEnumerable<FactRoute> routes) =>
        routes.Where(route => route is { Mask: "/0", Destination: "0.0.0.0" or "::" })
            .OrderBy(route => route.Family, StringComparer.Ordinal).ThenBy(route => route.Metric).FirstOrDefault()?.Interface;

    // Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT; an address is printed as a native-endian number.
    private static FactRoute? Ipv4(string line) =>
        line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var device, var destination, var gateway, var flags, _, _, var metric, var mask, ..]
        && Number(destination) is { } to && Number(gateway) is { } via && Number(flags) is { } bits && Number(mask) is { } netmask
        && long.TryParse(metric, NumberStyles.None, CultureInfo.InvariantCulture, out var cost)
        && IsIncluded(device, bits)
            ? new(Address(to), $"/{BitOperations.PopCount(netmask)}", Address(via), device, cost, $"0x{bits:x4}", "inet")
            : null;

    // Destination, its prefix, source, its prefix, next hop, metric, references, use, flags, interface; all hexadecimal.
    private static FactRoute? Ipv6(string line) =>
        line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [{ Length: 32 } destination, var prefix, _, _, { Length: 32 } gateway, var metric, _, _, var flags, var device]
        && Bytes(destination) is { } to && Number(prefix) is <= 128 and { } length && Bytes(gateway) is { } via && Number(metric) is { } cost && Number(flags) is { } bits
        && IsIncluded(device, bits) && to[0] != 0xff
            ? new(new IPAddress(to).ToString(), $"/{length}", new IPAddress(via).ToString(), device, cost, $"0x{bits:x8}", "inet6")
            : null;

    private static bool IsIncluded(string device, uint flags) => device != "lo" && (flags & Up) != 0 && (flags & (Reject | Local | Anycast)) == 0;

    private static string Address(uint number)
    {
        var bytes = new byte[4];
        // The kernel prints the word in this machine's byte order.
        if (BitConverter.IsLittleEndian)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        else
            BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes).ToString();
    }

    private static uint? Number(string text) => uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static byte[]? Bytes(string text) => text.AsSpan().ContainsAnyExcept(Hexadecimal) ? null : Convert.FromHexString(text);

    private static readonly System.Buffers.SearchValues<char> Hexadecimal = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");

    private static string[] Lines(Host host, string path)
    {
        try
        {
            // A kernel without IPv6 has no such file.
            return host.ReadFirst(path)?.Split('\n') ?? [];
        }
        catch (OperationException)
        {
            return [];
        }
    }
}
