using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>Flushes written data to the disk.</summary>
/// <remarks>
/// <see cref="RandomAccess.FlushToDisk"/> is no substitute: on .NET 10 it returned successfully where fsync had failed
/// for lack of space.
/// </remarks>
internal static partial class LedgerDisk
{
    private const int Interrupted = 4;

    public static void Flush(SafeFileHandle file)
    {
        while (FSync(file) != 0)
            ThrowUnlessInterrupted("flush the ledger");
    }

    /// <summary>Makes the names in a directory durable; flushing a file covers its content only.</summary>
    public static void FlushDirectory(string path)
    {
        const int ReadOnlyCloseOnExec = 0x80000;
        int descriptor;
        while ((descriptor = Open(path, ReadOnlyCloseOnExec)) < 0)
            ThrowUnlessInterrupted($"open {path}");
        using SafeFileHandle directory = new(descriptor, ownsHandle: true);
        Flush(directory);
    }

    private static void ThrowUnlessInterrupted(string attempt)
    {
        if (Marshal.GetLastPInvokeError() != Interrupted)
            throw new IOException($"Could not {attempt}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);
}
