using System.Runtime.InteropServices;

namespace Osapi.Agent.Hosts;

/// <summary>The flags of open(2) (fcntl.h).</summary>
internal static class OpenFlags
{
    public const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2, Create = 0x40, Exclusive = 0x80, Truncate = 0x200, NonBlocking = 0x800, NoAccessTime = 0x40000, CloseOnExec = 0x80000, PathOnly = 0x200000;

    /// <summary>O_DIRECTORY, which depends on the processor.</summary>
    public static readonly int OnlyDirectory = Arm ? 0x4000 : 0x10000;

    /// <summary>O_TMPFILE: a file without a name in a directory; not every file system supports it.</summary>
    public static readonly int WithoutName = 0x400000 | OnlyDirectory;

    /// <summary>O_NOFOLLOW, which depends on the processor.</summary>
    public static readonly int NoFollow = Arm ? 0x8000 : 0x20000;

    private static bool Arm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
}
