using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Files;

/// <summary>
/// A directory with everything below it, which is counted, visited or removed over open descriptors. Links are never followed, and mount
/// points are not entered. Names are bytes: they need not be valid text.
/// </summary>
/// <param name="path">The path of the directory, for error messages.</param>
/// <param name="action">The action that an error prevents, for error messages.</param>
internal sealed partial class FileTree(string path, string action = "removed")
{
    // Each level holds a descriptor open. Deeper trees exist only when they were made on purpose.
    private const int MaxDepth = 500;

    private const int RemoveDirectory = 0x200;

    private readonly string path = path;
    private readonly string action = action;

    /// <summary>The number of entries that were seen or removed.</summary>
    public long Entries { get; private set; }

    /// <summary>The size of the files that were seen or removed.</summary>
    public long Bytes { get; private set; }

    /// <summary>Counts the entries below an open directory.</summary>
    /// <exception cref="OperationException">Something is mounted below it, or it is too deep.</exception>
    public void Count(SafeFileHandle directory, CancellationToken cancellationToken) => Walk(directory, FileStatCalls.StatOf(directory), 0, null, cancellationToken);

    /// <summary>Removes everything below an open directory.</summary>
    /// <exception cref="OperationException">Something was mounted below it meanwhile.</exception>
    public void Empty(SafeFileHandle directory, CancellationToken cancellationToken) => Walk(directory, FileStatCalls.StatOf(directory), 0, Remove, cancellationToken);

    /// <summary>Visits everything below an open directory, directories after what they contain.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="visit">Gets the directory of an entry, and the entry itself, opened without following a link (O_PATH).</param>
    /// <param name="cancellationToken">Cancels between two entries.</param>
    /// <exception cref="OperationException">Something is mounted below it, or it is too deep.</exception>
    public void Visit(SafeFileHandle directory, Action<SafeFileHandle, SafeFileHandle> visit, CancellationToken cancellationToken) =>
        Walk(directory, FileStatCalls.StatOf(directory), 0, (parent, name, seen) =>
        {
            using var entry = TryOpen(parent, name, OpenFlags.PathOnly | OpenFlags.NoFollow);
            if (entry is not null && FileStatCalls.StatOf(entry).IsSameInode(seen))
                visit(parent, entry);
        }, cancellationToken);

    private void Walk(SafeFileHandle directory, FileStat root, int depth, Action<SafeFileHandle, byte[], FileStat>? act, CancellationToken cancellationToken)
    {
        if (depth > MaxDepth)
            throw new OperationException(ErrorType.Conflict, $"{path} is deeper than {MaxDepth} directories and is not {action}");
        foreach (var name in DirectoryNames.Of(directory))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (FileStatCalls.StatAt(directory, name) is not { } stat)
                continue;
            // An overlay gives files the devices of its layers: the device tells only where the kernel does not tell the mount.
            if (stat.Mount != root.Mount || (root.Mount == 0 && stat.Version.Device != root.Version.Device))
                throw new OperationException(ErrorType.Conflict, $"{path} is not {action}: something is mounted at {Shown(name)} below it");
            if (stat.Kind == FileKind.Directory)
                WalkInto(directory, name, stat, root, depth, act, cancellationToken);
            act?.Invoke(directory, name, stat);
            Entries++;
            Bytes += stat.Kind == FileKind.Regular ? stat.Size : 0;
        }
    }

    private void WalkInto(SafeFileHandle parent, byte[] name, FileStat seen, FileStat root, int depth, Action<SafeFileHandle, byte[], FileStat>? act, CancellationToken cancellationToken)
    {
        using var directory = SystemCall.Handle(SystemCall.Retry(() => Open(parent, name, OpenFlags.ReadOnly | OpenFlags.OnlyDirectory | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0)), $"open {Shown(name)}");
        if (FileStatCalls.StatOf(directory).IsSameInode(seen))
            Walk(directory, root, depth + 1, act, cancellationToken);
    }

    private static void Remove(SafeFileHandle directory, byte[] name, FileStat stat)
    {
        if (Unlink(directory, name, stat.Kind == FileKind.Directory ? RemoveDirectory : 0) != 0 && Marshal.GetLastPInvokeError() != ErrorNumber.NoEntry)
            throw new HostFileException($"remove {Shown(name)}");
    }

    private static SafeFileHandle? TryOpen(SafeFileHandle directory, byte[] name, int flags)
    {
        var descriptor = SystemCall.Retry(() => Open(directory, name, flags | OpenFlags.CloseOnExec, 0));
        return descriptor < 0 && Marshal.GetLastPInvokeError() == ErrorNumber.NoEntry ? null : SystemCall.Handle(descriptor, $"open {Shown(name)}");
    }

    private static string Shown(byte[] name) => System.Text.Encoding.UTF8.GetString(name).TrimEnd('\0');

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int Open(SafeFileHandle directory, byte[] name, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int Unlink(SafeFileHandle directory, byte[] name, int flags);
}
