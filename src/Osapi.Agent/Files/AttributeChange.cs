using Microsoft.Win32.SafeHandles;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>The mode and owner that files are to have.</summary>
/// <param name="mode">The mode; null for unchanged.</param>
/// <param name="owner">The owner and group.</param>
internal sealed class AttributeChange(ModeChange? mode, DesiredOwner owner)
{
    private const int SetUser = 0x800, SetGroup = 0x400, GroupExecute = 0x8;

    /// <summary>Gets the names of the attributes that differ.</summary>
    public IReadOnlyList<string> Differences(FileStat stat)
    {
        List<string> differences = [];
        // A symbolic link has no mode of its own.
        if (mode is not null && stat.Kind != FileKind.Link && ModeAfter(stat) != stat.Mode)
            differences.Add("mode");
        if (owner.User is { } user && user != stat.User)
            differences.Add("owner");
        if (owner.Group is { } group && group != stat.Group)
            differences.Add("group");
        return differences;
    }

    /// <summary>Gets the owner after the change.</summary>
    public uint UserAfter(FileStat stat) => owner.User ?? stat.User;

    /// <summary>Gets the group after the change.</summary>
    public uint GroupAfter(FileStat stat) => owner.Group ?? stat.Group;

    /// <summary>Gets the mode after the change.</summary>
    public int ModeAfter(FileStat stat)
    {
        var isDirectory = stat.Kind == FileKind.Directory;
        var bits = stat.Mode;
        // As the kernel does (chown(2)): a program must not run as its new owner because it ran as the old one.
        if (!isDirectory && (UserAfter(stat) != stat.User || GroupAfter(stat) != stat.Group))
            bits &= ~(SetUser | ((bits & GroupExecute) != 0 ? SetGroup : 0));
        return mode?.Apply(bits, isDirectory) ?? bits;
    }

    /// <summary>Changes what differs of a file that was opened as a place.</summary>
    /// <exception cref="IOException">An attribute cannot be set.</exception>
    public void Apply(SafeFileHandle place, FileStat stat)
    {
        var wanted = ModeAfter(stat);
        if (UserAfter(stat) != stat.User || GroupAfter(stat) != stat.Group)
            AttributeCalls.ChangeOwner(place, UserAfter(stat), GroupAfter(stat));
        if (stat.Kind == FileKind.Link || mode is null || FileStatCalls.StatOf(place).Mode == wanted)
            return;
        AttributeCalls.ChangeMode(place, wanted);
        if (FileStatCalls.StatOf(place).Mode != wanted)
            throw new IOException($"could not set the mode {Convert.ToString(wanted, 8)}: the kernel left bits out, which happens when the agent is not root and not in the file's group");
    }
}
