using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts.Files;

/// <summary>
/// The system calls on the names in an open directory, which no symbolic link can redirect (openat(2)). The framework does not offer
/// them.
/// </summary>
internal static partial class DirectoryCalls
{
    /// <summary>The flags of a rename (renameat2(2)).</summary>
    public const uint NoReplace = 1, Exchange = 2;

    /// <summary>Opens the root of a tree as the start of a walk.</summary>
    /// <exception cref="HostFileException">The root cannot be opened.</exception>
    public static SafeFileHandle OpenRoot(string path) => SystemCall.Handle(SystemCall.Retry(() => Open(path, OpenFlags.PathOnly | OpenFlags.OnlyDirectory | OpenFlags.CloseOnExec, 0)), $"open {path}");

    /// <summary>Opens a name in a directory.</summary>
    /// <exception cref="HostFileException">The name cannot be opened.</exception>
    public static SafeFileHandle OpenAt(SafeFileHandle directory, string name, int flags, int mode = 0) =>
        SystemCall.Handle(SystemCall.Retry(() => OpenAtRaw(directory, name, flags | OpenFlags.CloseOnExec, mode)), $"open {name}");

    /// <summary>Gets the target of an open symbolic link.</summary>
    public static string ReadLink(SafeFileHandle link)
    {
        var target = new byte[4096];
        var length = SystemCall.Retry(() => ReadLinkAt(link, "", target, (nuint)target.Length));
        SystemCall.Check(length, "read a symbolic link");
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
            if (SystemCall.Retry(() => MakeDirectoryAt(directory, name, mode)) != 0 && Marshal.GetLastPInvokeError() != ErrorNumber.Exists)
                failure = new HostFileException($"create the directory {name}");
        });
        apart.Start();
        apart.Join();
        if (failure is not null)
            throw failure;
    }

    public static void Rename(SafeFileHandle directory, string from, string to) => SystemCall.Check(SystemCall.Retry(() => RenameAt(directory, from, directory, to)), $"rename a temporary file to {to}");

    /// <summary>
    /// Renames according to the flags: exchanges two names, or replaces nothing (renameat2(2)). Not every file system
    /// supports it.
    /// </summary>
    public static void Rename(SafeFileHandle directory, string from, string to, uint flags) =>
        SystemCall.Check(SystemCall.Retry(() => RenameAt2(directory, from, directory, to, flags)), $"rename {from} to {to}");

    /// <summary>Removes an empty directory.</summary>
    public static void RemoveDirectory(SafeFileHandle directory, string name)
    {
        const int OnlyDirectory = 0x200;
        SystemCall.Check(SystemCall.Retry(() => UnlinkAt(directory, name, OnlyDirectory)), $"remove {name}");
    }

    /// <summary>Creates a symbolic link.</summary>
    public static void MakeLink(SafeFileHandle directory, string name, string target) => SystemCall.Check(SystemCall.Retry(() => SymLinkAt(target, directory, name)), $"create the link {name}");

    /// <summary>Gives a file another name (a hard link); a symbolic link is not followed.</summary>
    public static void MakeHardLink(SafeFileHandle from, string fromName, SafeFileHandle to, string toName) =>
        SystemCall.Check(SystemCall.Retry(() => LinkAt(from, fromName, to, toName, 0)), $"link {toName} to {fromName}");

    public static void Unlink(SafeFileHandle directory, string name) => SystemCall.Check(SystemCall.Retry(() => UnlinkAt(directory, name, 0)), $"remove {name}");

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "openat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenAtRaw(SafeFileHandle directory, string name, int flags, int mode);

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

    [LibraryImport("libc", EntryPoint = "symlinkat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int SymLinkAt(string target, SafeFileHandle directory, string name);

    [LibraryImport("libc", EntryPoint = "linkat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int LinkAt(SafeFileHandle from, string fromName, SafeFileHandle to, string toName, int flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int UnlinkAt(SafeFileHandle directory, string name, int flags);
}
