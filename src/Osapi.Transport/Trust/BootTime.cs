using System.Buffers.Binary;

namespace Osapi.Transport.Trust;

/// <summary>A time of a host's own clock: the seconds since a boot, and the boot. No correction of the wall clock moves it.</summary>
/// <param name="Boot">The beginning of the kernel's random id of the boot; never 0.</param>
/// <param name="Seconds">The seconds since that boot, suspended time included.</param>
public readonly record struct BootTime(ulong Boot, uint Seconds)
{
    /// <summary>The size of its written form. A fleet's job for any host has one for each host, so it is small.</summary>
    internal const int Size = sizeof(ulong) + sizeof(uint);

    /// <summary>Writes it, or zeros for none.</summary>
    internal static void Write(BootTime? time, Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to, time?.Boot ?? 0);
        BinaryPrimitives.WriteUInt32LittleEndian(to[sizeof(ulong)..], time?.Seconds ?? 0);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal static BootTime? Read(ReadOnlySpan<byte> from) => BinaryPrimitives.ReadUInt64LittleEndian(from) is > 0 and var boot ? new(boot, BinaryPrimitives.ReadUInt32LittleEndian(from[sizeof(ulong)..])) : null;
}
