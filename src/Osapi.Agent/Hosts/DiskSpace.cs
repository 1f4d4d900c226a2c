using Osapi.Operations.Node;

namespace Osapi.Agent.Hosts;

/// <summary>The space of the local file systems (statvfs(3), through the framework).</summary>
internal static class DiskSpace
{
    public static IReadOnlyList<Disk> ReadDisks(this Host host) =>
        [.. Mounts.Local(host.ReadMounts()).Select(mount => Space(host, mount)).OfType<Disk>()];

    private static Disk? Space(Host host, Mount mount)
    {
        try
        {
            // TotalFreeSpace counts f_bfree, AvailableFreeSpace f_bavail: what an unprivileged process may take.
            DriveInfo drive = new(host.Full(mount.Point));
            return new(mount.Point, drive.TotalSize, drive.TotalSize - drive.TotalFreeSpace, drive.AvailableFreeSpace);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Out of this agent's sight: a mount hidden behind another one's permissions, or gone since it was listed.
            return null;
        }
    }
}
