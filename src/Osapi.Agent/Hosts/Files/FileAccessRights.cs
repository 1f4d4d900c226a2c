using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts.Files;

/// <summary>Who may read a file. What is not certain counts as no.</summary>
internal static class FileAccessRights
{
    private const int ReadByGroup = 0x20, ReadByOthers = 0x4, SearchByGroup = 0x8, SearchByOthers = 0x1, Group = 0x38;

    /// <summary>True when everybody on the host may read what has this mode; one who is in its group has the group's right only.</summary>
    public static bool IsReadableByAll(int mode) => (mode & (ReadByGroup | ReadByOthers)) == (ReadByGroup | ReadByOthers);

    /// <summary>True when everybody may read an open file, once it is reached.</summary>
    public static bool IsReadableByAll(SafeFileHandle file, FileStat stat) => IsReadableByAll(stat.Mode) && !HasList(file);

    /// <summary>True when everybody may go through an open directory.</summary>
    public static bool IsSearchableByAll(SafeFileHandle directory, FileStat stat) =>
        (stat.Mode & (SearchByGroup | SearchByOthers)) == (SearchByGroup | SearchByOthers) && !HasList(directory);

    /// <summary>
    /// The mode that gives the same rights without an access control list. In the mode of a file with a list the group's bits are
    /// the most that anybody in the list has (acl(5)); taken for the group's own they would give it more than it had.
    /// </summary>
    public static int ModeWithoutList(SafeFileHandle file, FileStat stat)
    {
        const int Version = 4, Entry = 8;
        const ushort OwningGroup = 0x04;
        if (ReadList(file) is not { } list)
            return stat.Mode;
        for (var at = Version; at + Entry <= list.Length; at += Entry)
            if (BinaryPrimitives.ReadUInt16LittleEndian(list.AsSpan(at)) == OwningGroup)
                return stat.Mode & (~Group | (BinaryPrimitives.ReadUInt16LittleEndian(list.AsSpan(at + 2)) << 3));
        return stat.Mode & ~Group;
    }

    private static bool HasList(SafeFileHandle file) => ReadList(file) is not null;

    private static byte[]? ReadList(SafeFileHandle file)
    {
        try
        {
            return Libc.ReadAccessList(file);
        }
        catch (HostFileException)
        {
            return [];
        }
    }
}
