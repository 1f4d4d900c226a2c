using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts.Files;

/// <summary>
/// The extended attributes of an open file: access control lists, capabilities, security labels, and those of users (xattr(7)).
/// </summary>
internal static partial class ExtendedAttributes
{
    // The kernel's limit for the list, and for one value (XATTR_LIST_MAX, XATTR_SIZE_MAX in limits.h).
    private const int MaxSize = 64 * 1024;

    /// <summary>Copies all attributes to another file.</summary>
    /// <exception cref="HostFileException">One cannot be read or written, such as a capability without the right to set it.</exception>
    public static void Copy(SafeFileHandle from, SafeFileHandle to)
    {
        var names = new byte[MaxSize];
        var length = List(from, names, MaxSize);
        if (length < 0)
        {
            if (Marshal.GetLastPInvokeError() != ErrorNumber.NotSupported)
                throw new HostFileException("list the attributes of a file");
            return;
        }

        var value = new byte[MaxSize];
        foreach (var name in Encoding.UTF8.GetString(names, 0, (int)length).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var size = Get(from, name, value, MaxSize);
            if (size < 0 || Set(to, name, value, size, 0) != 0)
                throw new HostFileException($"keep the attribute {name} of a file");
        }
    }

    [LibraryImport("libc", EntryPoint = "flistxattr", SetLastError = true)]
    private static partial nint List(SafeFileHandle file, byte[] names, nint size);

    [LibraryImport("libc", EntryPoint = "fgetxattr", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial nint Get(SafeFileHandle file, string name, byte[] value, nint size);

    [LibraryImport("libc", EntryPoint = "fsetxattr", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Set(SafeFileHandle file, string name, byte[] value, nint size, int flags);
}
