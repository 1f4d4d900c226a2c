using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts.Files;

/// <summary>
/// The system calls that change attributes of any file, link or directory that was opened only as a place (O_PATH), which needs no right to read
/// it and wakes no device.
/// </summary>
internal static partial class AttributeCalls
{
    private const int NotATerminal = 25;

    private const nuint GetFlags = 0x80086601, SetFlags = 0x40086602;

    private const long ImmutableFlag = 0x10;

    public static void ChangeMode(SafeFileHandle place, int mode) =>
        // By the descriptor's path, because the call for descriptors refuses those opened with O_PATH.
        SystemCall.Check(SystemCall.Retry(() => ChMod(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{place.DangerousGetHandle()}"), mode)), $"set the mode {Convert.ToString(mode, 8)}");

    /// <summary>Changes the owner; of a symbolic link, its own.</summary>
    public static void ChangeOwner(SafeFileHandle place, uint user, uint group)
    {
        const int EmptyPath = 0x1000;
        SystemCall.Check(SystemCall.Retry(() => FChOwnAt(place, "", user, group, EmptyPath)), $"give the file to {user}:{group}");
    }

    /// <summary>Determines whether an open file or directory can be changed by nobody (ioctl_iflags(2)); null when its file system does not know that.</summary>
    public static bool? IsImmutable(SafeFileHandle file) => FlagsOf(file) is { } flags ? (flags & ImmutableFlag) != 0 : null;

    /// <summary>Makes an open file or directory one that nobody can change, or one that can be changed.</summary>
    /// <exception cref="HostFileException">The file system or the agent's rights do not allow it.</exception>
    public static void SetImmutable(SafeFileHandle file, bool isImmutable)
    {
        var flags = FlagsOf(file) ?? 0;
        var changed = isImmutable ? flags | ImmutableFlag : flags & ~ImmutableFlag;
        if (changed != flags)
            SystemCall.Check(SystemCall.Retry(() => IoControl(file, SetFlags, ref changed)), isImmutable ? "make the file immutable" : "make the file changeable");
    }

    private static long? FlagsOf(SafeFileHandle file)
    {
        long flags = 0;
        if (SystemCall.Retry(() => IoControl(file, GetFlags, ref flags)) == 0)
            // The kernel writes 32 bits, whatever the number of the call says.
            return flags & uint.MaxValue;
        return Marshal.GetLastPInvokeError() is NotATerminal or ErrorNumber.NotSupported or ErrorNumber.NoSystemCall ? null : throw new HostFileException("read the flags of a file");
    }

    [LibraryImport("libc", EntryPoint = "chmod", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChMod(string path, int mode);

    [LibraryImport("libc", EntryPoint = "fchownat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int FChOwnAt(SafeFileHandle directory, string name, uint user, uint group, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoControl(SafeFileHandle file, nuint request, ref long flags);
}
