using Osapi.Operations;
using Osapi.Operations.Node;

namespace Osapi.Agent.Hosts.Disks;

/// <summary>Reads the usage of the file systems that store their data on this machine.</summary>
internal static class DiskUsage
{
    // Local, although the kernel lists them as needing no block device: they find their own, or use raw flash.
    private static readonly IReadOnlyList<string> WithoutBlockDevice = ["zfs", "ubifs", "jffs2"];

    // Images: always full, nothing can be stored there. Every installed snap mounts one.
    private static readonly IReadOnlyList<string> Images = ["squashfs", "erofs", "iso9660", "udf", "cramfs", "romfs"];

    /// <summary>
    /// Reads one entry per file system, named by the first mount of <see cref="MountSelection"/> that answers, ordered
    /// by path; and those that cannot be read now, with the reason.
    /// </summary>
    /// <exception cref="OperationException">No file system can be read.</exception>
    public static async Task<DiskResult> ReadDisksAsync(this Host host, CancellationToken cancellationToken)
    {
        var table = MountTable.Read(host);
        var blockTypes = BlockTypes(host.Read("/proc/filesystems"));
        List<IReadOnlyList<Mount>> devices = [.. table.Mounts.Where(IsLocal).Where(mount => !table.IsHidden(mount)).GroupBy(mount => mount.Device)
            .Select(device => (IReadOnlyList<Mount>)[.. MountSelection.InOrder(device)])];
        // A container's root. Its figures are those of the underlying file system, which may already be in the list.
        var overlay = table.Mounts.LastOrDefault(mount => mount is { Point: "/", Type: "overlay" });
        if (overlay is not null && !table.IsHidden(overlay))
            devices.Add([overlay]);

        var answers = await host.Mounts.ProbeAsync(
            [.. devices.Select(device => ($"{device[0].Device} {device[0].Point}", (Func<Disk?>)(() => device.Select(mount => Probe(host, mount)).FirstOrDefault(disk => disk is not null))))],
            host.Time,
            cancellationToken);
        List<Disk> disks = [];
        List<UnavailableDisk> unavailable = [];
        foreach (var (device, (disk, error)) in devices.Zip(answers))
            if (error is not null)
                unavailable.Add(new(device[0].Point, error));
            else if (disk is not null && (device[0] != overlay || disks.TrueForAll(other => other.Total != disk.Total)))
                disks.Add(disk);
        if (disks.Count == 0 && unavailable.Count > 0)
            throw new OperationException(ErrorType.Unavailable, $"the space of {string.Join(", ", unavailable.Select(disk => $"{disk.Name} cannot be read: {disk.Error}"))}");
        return new([.. disks.OrderBy(disk => disk.Name, StringComparer.Ordinal)])
        {
            Unavailable = unavailable.Count > 0 ? [.. unavailable.OrderBy(disk => disk.Name, StringComparer.Ordinal)] : null,
        };

        bool IsLocal(Mount mount) =>
            (blockTypes.Contains(mount.Type) || WithoutBlockDevice.Contains(mount.Type))
            && (mount.Point == "/" || !Images.Contains(mount.Type));
    }

    /// <summary>
    /// Gets the types that need a block device (proc_filesystems(5)): the lines without <c>nodev</c>. A mounted type is
    /// always listed.
    /// </summary>
    private static HashSet<string> BlockTypes(string text) =>
        text.Split('\n').Select(line => line.Split('\t')).Where(fields => fields is ["", { Length: > 0 }]).Select(fields => fields[1]).ToHashSet();

    /// <summary>
    /// Returns null for a mount that is inaccessible, no longer there, or a single mounted file, as in containers.
    /// </summary>
    private static Disk? Probe(Host host, Mount mount)
    {
        try
        {
            var path = host.FullPath(mount.Point);
            if (File.Exists(path))
                return null;
            var space = host.SpaceAt(path);
            return new(mount.Point, space.Total, space.Total - space.Free, space.Available);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or DriveNotFoundException or DirectoryNotFoundException or FileNotFoundException or ArgumentException)
        {
            return null;
        }
    }
}
