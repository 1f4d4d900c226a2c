namespace Osapi.Agent.Hosts.Disks;

/// <summary>
/// The mount that names a file system which is mounted several times, as df(1) chooses: the root of the file system goes before
/// a directory of it that is mounted elsewhere too (a bind mount), however short that path is.
/// </summary>
internal static class MountSelection
{
    /// <summary>The mounts of one file system, the best first. What is mounted at the machine's root is never named otherwise, a subvolume of btrfs for example.</summary>
    public static IEnumerable<Mount> InOrder(IEnumerable<Mount> mounts) =>
        mounts.OrderBy(mount => mount.Point != "/")
            .ThenBy(mount => mount.Root.Length)
            .ThenBy(mount => mount.Point.Length)
            .ThenBy(mount => mount.Point, StringComparer.Ordinal);
}
