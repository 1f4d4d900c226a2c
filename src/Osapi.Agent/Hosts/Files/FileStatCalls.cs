using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts.Files;

/// <summary>The system call that reads the metadata of a file (statx(2)).</summary>
internal static partial class FileStatCalls
{
    private const int AtSymlinkNoFollow = 0x100, AtEmptyPath = 0x1000, NoAutomount = 0x800, BasicStats = 0x7ff, MountId = 0x1000;

    /// <summary>Gets the metadata of an open file.</summary>
    public static FileStat StatOf(SafeFileHandle file)
    {
        StatxBuffer buffer = default;
        SystemCall.Check(SystemCall.Retry(() => Statx(file, "", AtEmptyPath | AtSymlinkNoFollow, BasicStats | MountId, out buffer)), "inspect an open file");
        return FileStat.From(buffer);
    }

    /// <summary>Gets the metadata of a name in a directory, without following a symbolic link; null when there is none.</summary>
    public static FileStat? StatAt(SafeFileHandle directory, string name)
    {
        StatxBuffer buffer = default;
        if (SystemCall.Retry(() => Statx(directory, name, AtSymlinkNoFollow, BasicStats | MountId, out buffer)) == 0)
            return FileStat.From(buffer);
        return Marshal.GetLastPInvokeError() == ErrorNumber.NoEntry ? null : throw new HostFileException($"inspect {name}");
    }

    /// <summary>Gets the metadata of a name that need not be valid text, with its terminating NUL; null when there is none.</summary>
    public static FileStat? StatAt(SafeFileHandle directory, byte[] name)
    {
        StatxBuffer buffer = default;
        if (SystemCall.Retry(() => Statx(directory, name, AtSymlinkNoFollow | NoAutomount, BasicStats | MountId, out buffer)) == 0)
            return FileStat.From(buffer);
        return Marshal.GetLastPInvokeError() == ErrorNumber.NoEntry ? null : throw new HostFileException("inspect a file");
    }

    /// <summary>struct statx, which unlike struct stat is the same on every processor (statx(2)).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct StatxBuffer
    {
        [FieldOffset(16)] public uint Links;
        [FieldOffset(20)] public uint User;
        [FieldOffset(24)] public uint Group;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(96)] public long ChangeSeconds;
        [FieldOffset(104)] public uint ChangeNanoseconds;
        [FieldOffset(112)] public long ModifySeconds;
        [FieldOffset(120)] public uint ModifyNanoseconds;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
        [FieldOffset(144)] public ulong Mount;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(SafeFileHandle directory, byte[] name, int flags, uint mask, out StatxBuffer buffer);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(SafeFileHandle directory, string name, int flags, uint mask, out StatxBuffer buffer);
}
