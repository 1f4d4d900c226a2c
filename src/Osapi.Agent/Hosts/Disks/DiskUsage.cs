using Osapi.Operations;
using Osapi.Operations.Node;

namespace Osapi.Agent.Hosts.Disks;

/// <summary>The space of the file systems that keep their data on this machine.</summary>
internal static class DiskUsage
{
    // Local all the same, although the kernel lists them as needing no block device: they find their own, or live on bare flash.
    private static readonly IReadOnlyList<string> WithoutBlockDevice = ["zfs", "ubifs", "jffs2"];

    // Images: full by construction, nothing can be stored there. Every installed snap mounts one.
    private static readonly IReadOnlyList<string> Images = ["squashfs", "erofs", "iso9660", "udf", "cramfs", "romfs"];

    /// <summary>
    /// One entry for each file system, named by the first mount of <see cref="MountSelection"/> that can be asked, ordered by path; and those of
    /// which nothing can be told now, with the reason.
    /// </summary>
    /// <exception cref="OperationException">Nothing can be told of any.</exception>
    public static async Task<DiskResult> ReadDisksAsync(this Host host, CancellationToken cancellationToken)
    {
        var table = MountTable.Read(host);
        var blockTypes = BlockTypes(host.Read("/proc/filesystems"));
        List<IReadOnlyList<Mount>> devices = [.. table.Mounts.Where(IsLocal).Where(mount => !table.IsHidden(mount)).GroupBy(mount => mount.Device)
            .Select(device => (IReadOnlyList<Mount>)[.. MountSelection.InOrder(device)])];
        // A container's root. Its figures are those of the file system below it, which may be in the list already.
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

    /// <summary>The types that need a block device (proc_filesystems(5)): the lines without <c>nodev</c>. A mounted type is always listed.</summary>
    private static HashSet<string> BlockTypes(string text) =>
        text.Split('\n').Select(line => line.Split('\t')).Where(fields => fields is ["", { Length: > 0 }]).Select(fields => fields[1]).ToHashSet();

    /// <summary>Null for a mount that may not be looked at, that is gone by now, or that puts a single file in place, as containers do.</summary>
    private static Disk? Probe(Host host, Mount mount)
    {
        try
        {
            var path = host.Full(mount.Point);
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
