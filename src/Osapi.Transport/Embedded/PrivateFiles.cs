using System.Runtime.InteropServices;

namespace Osapi.Transport.Embedded;

/// <summary>Creates files and directories that only their owner can read.</summary>
public static partial class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Gets the options to open a file, which is created for its owner only.</summary>
    public static FileStreamOptions Options(FileMode mode, FileAccess access, FileShare share) => new()
    {
        Mode = mode,
        Access = access,
        Share = share,
        UnixCreateMode = OwnerOnly,
        BufferSize = 0,
    };

    /// <summary>Creates the directory if missing.</summary>
    public static void CreateDirectory(string path) => Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);

    /// <summary>Creates the file if missing, and otherwise removes everybody else's access.</summary>
    public static void Create(string path)
    {
        using var file = new FileStream(path, Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite));
        File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
    }

    /// <summary>Replaces the content of a file.</summary>
    public static void WriteText(string path, string text)
    {
        using var writer = new StreamWriter(path, Options(FileMode.Create, FileAccess.Write, FileShare.ReadWrite));
        writer.Write(text);
    }

    /// <summary>Makes the names of new files in a directory durable; flushing a file covers its content only.</summary>
    public static void FlushDirectory(string path)
    {
        const int ReadOnlyCloseOnExec = 0x80000;
        var directory = Open(path, ReadOnlyCloseOnExec);
        if (directory < 0)
            throw new IOException($"Could not open {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        var flushed = Flush(directory) == 0;
        var problem = Marshal.GetLastPInvokeErrorMessage();
        _ = Close(directory);
        if (!flushed)
            throw new IOException($"Could not flush {path}: {problem}");
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
