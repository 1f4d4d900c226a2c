using Osapi.Operations.Node;

namespace Osapi.Agent.Hosts;

/// <summary>The space of the local file systems (statvfs(3), through the framework).</summary>
internal static class DiskSpace
{
    public static IReadOnlyList<Disk> ReadDisks(this Host host) =>
    [
        .. Mounts.Local(host.ReadMounts())
            .Select(same => same.Select(mount => Space(host, mount)).FirstOrDefault(disk => disk is not null))
            .OfType<Disk>()
            .OrderBy(disk => disk.Name, StringComparer.Ordinal),
    ];

    // Null for what is not worth a line: a single file that is mounted, as in containers, a file system without blocks.
    private static Disk? Space(Host host, Mount mount)
    {
        try
        {
            var path = host.Full(mount.Point);
            if (!Directory.Exists(path))
                return null;
            // TotalFreeSpace counts f_bfree, AvailableFreeSpace f_bavail: what an unprivileged process may take.
            DriveInfo drive = new(path);
            return drive.TotalSize > 0 ? new(mount.Point, drive.TotalSize, drive.TotalSize - drive.TotalFreeSpace, drive.AvailableFreeSpace) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Out of this agent's sight: a mount hidden behind another one's permissions, or gone since it was listed.
            return null;
        }
    }
}
