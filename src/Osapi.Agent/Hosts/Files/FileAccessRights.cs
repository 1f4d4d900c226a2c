using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts.Files;

/// <summary>Determines whether a file is world-readable. An uncertain case counts as not readable.</summary>
internal static class FileAccessRights
{
    private const int ReadByGroup = 0x20, ReadByOthers = 0x4, SearchByGroup = 0x8, SearchByOthers = 0x1, Group = 0x38;

    /// <summary>True when a file of this mode is world-readable; a member of its group has the group's rights only.</summary>
    public static bool IsReadableByAll(int mode) => (mode & (ReadByGroup | ReadByOthers)) == (ReadByGroup | ReadByOthers);

    /// <summary>True when everybody may read an open file, provided that its directory is accessible.</summary>
    public static bool IsReadableByAll(SafeFileHandle file, FileStat stat) => IsReadableByAll(stat.Mode) && !HasList(file);

    /// <summary>True when everybody may search an open directory.</summary>
    public static bool IsSearchableByAll(SafeFileHandle directory, FileStat stat) =>
        (stat.Mode & (SearchByGroup | SearchByOthers)) == (SearchByGroup | SearchByOthers) && !HasList(directory);

    /// <summary>Gets the mode that grants the same rights without an access control list.</summary>
    /// <remarks>
    /// With a list, the group's bits in the mode are the maximum of everybody in the list (acl(5)). Used as the group's
    /// own rights they would grant it more than it had.
    /// </remarks>
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
            return OpenFileCalls.ReadAccessList(file);
        }
        catch (HostFileException)
        {
            return [];
        }
    }
}
