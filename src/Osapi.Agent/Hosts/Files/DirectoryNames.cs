using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts.Files;

/// <summary>Reads the names in an open directory as bytes (getdents64(2)), which the framework would decode and lose.</summary>
internal static partial class DirectoryNames
{
    private const int MaxNames = 10_000_000;

    /// <summary>Gets the names, each with its terminating NUL, without <c>.</c> and <c>..</c>.</summary>
    /// <exception cref="HostFileException">The directory cannot be read.</exception>
    public static IReadOnlyList<byte[]> Of(SafeFileHandle directory)
    {
        // struct linux_dirent64: inode, offset, then the length of the entry, the type, and the name.
        const int LengthAt = 16, NameAt = 19;
        List<byte[]> names = [];
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var length = SystemCall.Retry(() => (int)Read(directory, buffer, buffer.Length));
            SystemCall.Check(length, "list a directory");
            if (length == 0 || names.Count > MaxNames)
                return names;
            for (var at = 0; at < length; at += BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + LengthAt)))
            {
                var name = buffer.AsSpan(at + NameAt);
                name = name[..(name.IndexOf((byte)0) + 1)];
                if (!name.SequenceEqual(".\0"u8) && !name.SequenceEqual("..\0"u8))
                    names.Add(name.ToArray());
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint Read(SafeFileHandle directory, byte[] buffer, nint size);
}
