using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Osapi.Agent.Hosts.Files;

namespace Osapi.Agent.Hosts;

/// <summary>
/// The system calls that the framework does not offer: those relative to an open directory, which no symbolic link can
/// redirect (openat(2)), and those that must not follow one.
/// </summary>
internal static partial class Libc
{
    public const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2, Create = 0x40, Exclusive = 0x80, NonBlocking = 0x800, NoAccessTime = 0x40000, CloseOnExec = 0x80000, PathOnly = 0x200000;

    public const int NoEntry = 2, Interrupted = 4, Access = 13, Busy = 16, Exists = 17, NotDirectory = 20, Invalid = 22, NotPermitted = 1, NoSystemCall = 38, TooManyLinks = 40, NoData = 61, NotSupported = 95;

    /// <summary>The flags of a rename (renameat2(2)).</summary>
    public const uint NoReplace = 1, Exchange = 2;

    /// <summary>The attribute that holds an access control list (acl(5)).</summary>
    public const string AccessList = "system.posix_acl_access";

    private const int AtSymlinkNoFollow = 0x100, AtEmptyPath = 0x1000, BasicStats = 0x7ff;

    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    /// <summary>O_DIRECTORY, which depends on the processor (fcntl.h).</summary>
    public static readonly int OnlyDirectory = Arm ? 0x4000 : 0x10000;

    /// <summary>O_NOFOLLOW, which depends on the processor (fcntl.h).</summary>
    public static readonly int NoFollow = Arm ? 0x8000 : 0x20000;

    /// <summary>Gets the user for whom the kernel checks permissions.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    /// <summary>Opens the root of a tree as the start of a walk.</summary>
    /// <exception cref="HostFileException">The root cannot be opened.</exception>
    public static SafeFileHandle OpenRoot(string path) => Handle(Retry(() => Open(path, PathOnly | OnlyDirectory | CloseOnExec, 0)), $"open {path}");

    /// <summary>Opens a name in a directory.</summary>
    /// <exception cref="HostFileException">The name cannot be opened.</exception>
    public static SafeFileHandle OpenAt(SafeFileHandle directory, string name, int flags, int mode = 0) =>
        Handle(Retry(() => OpenAtRaw(directory, name, flags | CloseOnExec, mode)), $"open {name}");

    /// <summary>Gets the metadata of an open file.</summary>
    public static FileStat StatOf(SafeFileHandle file)
    {
        StatxBuffer buffer = default;
        Check(Retry(() => Statx(file, "", AtEmptyPath | AtSymlinkNoFollow, BasicStats, out buffer)), "inspect an open file");
        return FileStat.From(buffer);
    }

    /// <summary>Gets the metadata of a name in a directory, without following a symbolic link; null when there is none.</summary>
    public static FileStat? StatAt(SafeFileHandle directory, string name)
    {
        StatxBuffer buffer = default;
        if (Retry(() => Statx(directory, name, AtSymlinkNoFollow, BasicStats, out buffer)) == 0)
            return FileStat.From(buffer);
        return Marshal.GetLastPInvokeError() == NoEntry ? null : throw new HostFileException($"inspect {name}");
    }

    /// <summary>Gets the target of an open symbolic link.</summary>
    public static string ReadLink(SafeFileHandle link)
    {
        var target = new byte[4096];
        var length = Retry(() => ReadLinkAt(link, "", target, (nuint)target.Length));
        Check(length, "read a symbolic link");
        return System.Text.Encoding.UTF8.GetString(target, 0, length);
    }

    /// <summary>Creates a directory with exactly this mode; an existing one is left as it is.</summary>
    /// <remarks>A thread with its own umask creates it (unshare(2), CLONE_FS), so the mode is right from the start.</remarks>
    public static void MakeDirectory(SafeFileHandle directory, string name, int mode)
    {
        const int FileSystemAttributes = 0x200;
        HostFileException? failure = null;
        Thread apart = new(() =>
        {
            if (Unshare(FileSystemAttributes) == 0)
                _ = FileModeMask(0);
            if (Retry(() => MakeDirectoryAt(directory, name, mode)) != 0 && Marshal.GetLastPInvokeError() != Exists)
                failure = new HostFileException($"create the directory {name}");
        });
        apart.Start();
        apart.Join();
        if (failure is not null)
            throw failure;
    }

    public static void Rename(SafeFileHandle directory, string from, string to) => Check(Retry(() => RenameAt(directory, from, directory, to)), $"rename a temporary file to {to}");

    /// <summary>
    /// Renames according to the flags: exchanges two names, or replaces nothing (renameat2(2)). Not every file system
    /// supports it.
    /// </summary>
    public static void Rename(SafeFileHandle directory, string from, string to, uint flags) =>
        Check(Retry(() => RenameAt2(directory, from, directory, to, flags)), $"rename {from} to {to}");

    public static void Unlink(SafeFileHandle directory, string name) => Check(Retry(() => UnlinkAt(directory, name, 0)), $"remove {name}");

    public static void ChangeMode(SafeFileHandle file, int mode) => Check(Retry(() => FChMod(file, mode)), $"set the mode {Convert.ToString(mode, 8)}");

    /// <summary>Sets the modification time of an open file, in nanoseconds since 1970; the access time stays.</summary>
    public static void SetModified(SafeFileHandle file, long nanoseconds)
    {
        const long Omit = (1 << 30) - 2;
        var (seconds, rest) = Math.DivRem(nanoseconds, 1_000_000_000);
        long[] times = [0, Omit, rest < 0 ? seconds - 1 : seconds, rest < 0 ? rest + 1_000_000_000 : rest];
        Check(Retry(() => FUTimeNs(file, times)), "set the time of a file");
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
        return Marshal.GetLastPInvokeError() is NoData or NotSupported ? null : throw new HostFileException("read an access control list");
    }

    /// <summary>Removes the access control list that a new file inherited from its directory.</summary>
    public static void RemoveAccessList(SafeFileHandle file)
    {
        if (FRemoveAttribute(file, AccessList) != 0 && Marshal.GetLastPInvokeError() is not (NoData or NotSupported))
            throw new HostFileException("remove an access control list");
    }

    public static void ChangeOwner(SafeFileHandle file, uint user, uint group) => Check(Retry(() => FChOwn(file, user, group)), $"give the file to {user}:{group}");

    /// <summary>
    /// Locks an open file without waiting, for writing or against it, as long as it is open (F_OFD_SETLK, fcntl(2)).
    /// The framework's lock, flock(2), would also block readers that use it.
    /// </summary>
    public static bool TryLock(SafeFileHandle file, bool forWriting)
    {
        const int SetLock = 37;
        FileLockRequest whole = new() { Type = (short)(forWriting ? 1 : 0) };
        return Retry(() => FCntl(file, SetLock, ref whole)) == 0;
    }

    /// <summary>Flushes written data to the disk.</summary>
    /// <remarks>
    /// The framework's own flush is no substitute: on .NET 10 it returned successfully where fsync(2) had failed.
    /// </remarks>
    public static void Sync(SafeFileHandle file) => Check(Retry(() => FSync(file)), "flush a file to the disk");

    private static int Retry(Func<int> call)
    {
        int result;
        while ((result = call()) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }

        return result;
    }

    private static SafeFileHandle Handle(int descriptor, string attempt)
    {
        Check(descriptor, attempt);
        return new(descriptor, ownsHandle: true);
    }

    private static void Check(int result, string attempt)
    {
        if (result < 0)
            throw new HostFileException(attempt);
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
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "openat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenAtRaw(SafeFileHandle directory, string name, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(SafeFileHandle directory, string name, int flags, uint mask, out StatxBuffer buffer);

    [LibraryImport("libc", EntryPoint = "readlinkat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ReadLinkAt(SafeFileHandle directory, string name, byte[] target, nuint size);

    [LibraryImport("libc", EntryPoint = "mkdirat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MakeDirectoryAt(SafeFileHandle directory, string name, int mode);

    [LibraryImport("libc", EntryPoint = "renameat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int RenameAt(SafeFileHandle from, string fromName, SafeFileHandle to, string toName);

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int RenameAt2(SafeFileHandle from, string fromName, SafeFileHandle to, string toName, uint flags);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int what);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint FileModeMask(uint mask);

    [LibraryImport("libc", EntryPoint = "futimens", SetLastError = true)]
    private static partial int FUTimeNs(SafeFileHandle file, long[] times);

    [LibraryImport("libc", EntryPoint = "getxattr", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial nint GetAttribute(string path, string name, byte[] value, nuint size);

    [LibraryImport("libc", EntryPoint = "fremovexattr", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int FRemoveAttribute(SafeFileHandle file, string name);

    [LibraryImport("libc", EntryPoint = "unlinkat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int UnlinkAt(SafeFileHandle directory, string name, int flags);

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
