using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Osapi.Transport.Trust;

namespace Osapi.Agent.Hosts.Identity;

/// <summary>The boot clock of this host: CLOCK_BOOTTIME of clock_gettime(2), which also counts while the host is suspended.</summary>
internal static partial class HostBootClock
{
    private const int BootTimeClock = 7;

    /// <summary>Creates the clock. It tells nothing when the kernel does not say which boot this is.</summary>
    public static BootClock Create() => new(Guid.TryParse(BootId.Read(), out var id) ? BinaryPrimitives.ReadUInt64LittleEndian(id.ToByteArray()) : 0, ReadSinceBoot);

    private static TimeSpan ReadSinceBoot() => ClockGetTime(BootTimeClock, out var time) == 0
        ? new TimeSpan(time.Seconds * TimeSpan.TicksPerSecond + time.Nanoseconds / TimeSpan.NanosecondsPerTick)
        : throw new InvalidOperationException("CLOCK_BOOTTIME cannot be read.");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
