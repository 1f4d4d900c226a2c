using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts.Files;

/// <summary>The system calls on an open file: its mode, owner, times, access control list, lock and flush.</summary>
internal static partial class OpenFileCalls
{
    /// <summary>The attribute that holds an access control list (acl(5)).</summary>
    private const string AccessList = "system.posix_acl_access";

    public static void ChangeMode(SafeFileHandle file, int mode) => SystemCall.Check(SystemCall.Retry(() => FChMod(file, mode)), $"set the mode {Convert.ToString(mode, 8)}");

    /// <summary>Sets the modification time of an open file, in nanoseconds since 1970; the access time stays.</summary>
    public static void SetModified(SafeFileHandle file, long nanoseconds)
    {
        const long Omit = (1 << 30) - 2;
        var (seconds, rest) = Math.DivRem(nanoseconds, 1_000_000_000);
        long[] times = [0, Omit, rest < 0 ? seconds - 1 : seconds, rest < 0 ? rest + 1_000_000_000 : rest];
        SystemCall.Check(SystemCall.Retry(() => FUTimeNs(file, times)), "set the time of a file");
    }

    /// <summary>Reads the access control list of an open file or directory; null when it has none.</summary>
    /// <exception cref="HostFileException">The list cannot be read.</exception>
    public static byte[]? ReadAccessList(SafeFileHandle file)
    {
        // By the descriptor's path, because the call for descriptors refuses those opened with O_PATH.
        var path = $"/proc/self/fd/{file.DangerousGetHandle()}";
        var list = new byte[64 * 1024];
        var length = (int)GetAttribute(path, AccessList, list, (nuint)list.Length);
        if (length >= 0)
            return list[..length];
        return Marshal.GetLastPInvokeError() is ErrorNumber.NoData or ErrorNumber.NotSupported ? null : throw new HostFileException("read an access control list");
    }

    /// <summary>Removes the access control list that a new file inherited from its directory.</summary>
    public static void RemoveAccessList(SafeFileHandle file)
    {
        if (FRemoveAttribute(file, AccessList) != 0 && Marshal.GetLastPInvokeError() is not (ErrorNumber.NoData or ErrorNumber.NotSupported))
            throw new HostFileException("remove an access control list");
    }

    public static void ChangeOwner(SafeFileHandle file, uint user, uint group) => SystemCall.Check(SystemCall.Retry(() => FChOwn(file, user, group)), $"give the file to {user}:{group}");

    /// <summary>
    /// Locks an open file without waiting, for writing or against it, as long as it is open (F_OFD_SETLK, fcntl(2)).
    /// The framework's lock, flock(2), would also block readers that use it.
    /// </summary>
    public static bool TryLock(SafeFileHandle file, bool forWriting)
    {
        const int SetLock = 37;
        FileLockRequest whole = new() { Type = (short)(forWriting ? 1 : 0) };
        return SystemCall.Retry(() => FCntl(file, SetLock, ref whole)) == 0;
    }

    /// <summary>Writes bytes in one call, as the kernel's own files need it. Of too many, the kernel may have taken the first ones only.</summary>
    /// <exception cref="HostFileException">The kernel does not take them.</exception>
    public static void WriteAtOnce(SafeFileHandle file, byte[] bytes) => SystemCall.Check(SystemCall.Retry(() => (int)Write(file, bytes, (nuint)bytes.Length)), "write");

    /// <summary>Flushes written data to the disk.</summary>
    /// <remarks>
    /// The framework's own flush is no substitute: on .NET 10 it returned successfully where fsync(2) had failed.
    /// </remarks>
    public static void Sync(SafeFileHandle file) => SystemCall.Check(SystemCall.Retry(() => FSync(file)), "flush a file to the disk");

    /// <summary>Flushes the whole file system of an open file or directory.</summary>
    public static void SyncFileSystem(SafeFileHandle file) => SystemCall.Check(SystemCall.Retry(() => SyncFs(file)), "flush a file system to the disk");

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, byte[] bytes, nuint size);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "futimens", SetLastError = true)]
    private static partial int FUTimeNs(SafeFileHandle file, long[] times);

    [LibraryImport("libc", EntryPoint = "getxattr", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial nint GetAttribute(string path, string name, byte[] value, nuint size);

    [LibraryImport("libc", EntryPoint = "fremovexattr", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int FRemoveAttribute(SafeFileHandle file, string name);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int FChMod(SafeFileHandle file, int mode);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int FChOwn(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FCntl(SafeFileHandle file, int command, ref FileLockRequest request);

    // struct flock of 64-bit systems, covering the whole file.
    [StructLayout(LayoutKind.Sequential, Size = 32)]
    private struct FileLockRequest
    {
        public short Type;
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);
}
