namespace Osapi.Agent.Hosts.Files;

/// <summary>The metadata of a file (statx(2), inode(7)).</summary>
internal readonly record struct FileStat
{
    public required FileKind Kind { get; init; }

    /// <summary>The permission bits, including the special ones.</summary>
    public required int Mode { get; init; }

    public required uint User { get; init; }

    public required uint Group { get; init; }

    public required long Size { get; init; }

    /// <summary>The number of hard links.</summary>
    public required uint Links { get; init; }

    /// <summary>The mount that the file is in; 0 on a kernel before 5.8, which does not tell.</summary>
    public ulong Mount { get; init; }

    /// <summary>
    /// The identity and version of the file: any write, rename over it or change of its metadata gives another value.
    /// </summary>
    public required (ulong Device, ulong Inode, long Modified, long Changed) Version { get; init; }

    /// <summary>True when it is the same file, of the same kind and owner; content and mode may differ.</summary>
    public bool IsSame(FileStat other) => IsSameInode(other) && Kind == other.Kind && User == other.User;

    /// <summary>True when it is the same file, whatever was changed.</summary>
    public bool IsSameInode(FileStat other) => (Version.Device, Version.Inode) == (other.Version.Device, other.Version.Inode);

    /// <summary>
    /// True when only its owner may write to it; rights in an access control list count as the group's (acl(5)).
    /// </summary>
    public bool IsWrittenByOwnerOnly => (Mode & 0x12) == 0;

    /// <summary>True when it belongs to root or to the agent's user, as whom no other user can act.</summary>
    public bool IsPrivileged => IsPrivilegedUser(User);

    /// <summary>True for a directory where all users may create files, and none may remove the files of others (sticky).</summary>
    public bool IsShared => Kind == FileKind.Directory && (Mode & 0x202) == 0x202;

    public static bool IsPrivilegedUser(uint user) => user == 0 || user == Accounts.EffectiveUser;

    public static FileStat From(FileStatCalls.StatxBuffer buffer) => new()
    {
        Kind = (FileKind)(buffer.Mode & 0xF000),
        Mode = buffer.Mode & 0xFFF,
        User = buffer.User,
        Group = buffer.Group,
        Size = (long)buffer.Size,
        Links = buffer.Links,
        Mount = buffer.Mount,
        Version = (((ulong)buffer.DeviceMajor << 32) | buffer.DeviceMinor, buffer.Inode,
            unchecked((buffer.ModifySeconds * 1_000_000_000) + buffer.ModifyNanoseconds),
            unchecked((buffer.ChangeSeconds * 1_000_000_000) + buffer.ChangeNanoseconds)),
    };
}

/// <summary>The kind of a file; the numbers are the kernel's.</summary>
internal enum FileKind
{
    Pipe = 0x1000,
    CharacterDevice = 0x2000,
    Directory = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    Link = 0xA000,
    Socket = 0xC000,
}
