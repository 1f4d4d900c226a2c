namespace Osapi.Agent.Hosts.Disks;

/// <summary>
/// Chooses the mount that names a file system mounted several times, like df(1): a mount of the file system's root
/// takes precedence over a bind mount of a directory, however short its path is.
/// </summary>
internal static class MountSelection
{
    /// <summary>
    /// Orders the mounts of one file system, the best first. The machine's root is always named by <c>/</c>, even when
    /// it is a subvolume of btrfs.
    /// </summary>
    public static IEnumerable<Mount> InOrder(IEnumerable<Mount> mounts) =>
        mounts.OrderBy(mount => mount.Point != "/")
            .ThenBy(mount => mount.Root.Length)
            .ThenBy(mount => mount.Point.Length)
            .ThenBy(mount => mount.Point, StringComparer.Ordinal);
}
