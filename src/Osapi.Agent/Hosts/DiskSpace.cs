using Osapi.Operations;
using Osapi.Operations.Node;

namespace Osapi.Agent.Hosts;

/// <summary>The space of the file systems that keep their data on this machine.</summary>
internal static class DiskSpace
{
    // Local all the same, although the kernel lists them as needing no block device: they find their own, or live on bare flash.
    private static readonly IReadOnlyList<string> WithoutBlockDevice = ["zfs", "ubifs", "jffs2"];

    // Images: full by construction, nothing can be stored there. Every installed snap mounts one.
    private static readonly IReadOnlyList<string> Images = ["squashfs", "erofs", "iso9660", "udf", "cramfs", "romfs"];

    /// <summary>One entry for each file system, named by the first mount of <see cref="MountChoice"/> that can be asked, ordered by path.</summary>
    public static IReadOnlyList<Disk> ReadDisks(this Host host)
    {
        var table = MountTable.Read(host);
        var blockTypes = BlockTypes(host.Read("/proc/filesystems"));
        List<Disk> disks = [];
        foreach (var device in table.Mounts.Where(IsLocal).Where(mount => !table.IsHidden(mount)).GroupBy(mount => mount.Device))
            if (MountChoice.InOrder(device)
                .Select(mount => Ask(host, mount)).FirstOrDefault(disk => disk is not null) is { } disk)
                disks.Add(disk);

        // A container's root. Its figures are those of the file system below it, which may be in the list already.
        if (table.Mounts.LastOrDefault(mount => mount is { Point: "/", Type: "overlay" }) is { } overlay && !table.IsHidden(overlay)
            && Ask(host, overlay) is { } root && disks.TrueForAll(disk => disk.Total != root.Total))
            disks.Add(root);
        return [.. disks.OrderBy(disk => disk.Name, StringComparer.Ordinal)];

        bool IsLocal(Mount mount) =>
            (blockTypes.Contains(mount.Type) || WithoutBlockDevice.Contains(mount.Type))
            && (mount.Point == "/" || !Images.Contains(mount.Type));
    }

    /// <summary>The types that need a block device (proc_filesystems(5)): the lines without <c>nodev</c>. A mounted type is always listed.</summary>
    private static HashSet<string> BlockTypes(string text) =>
        text.Split('\n').Select(line => line.Split('\t')).Where(fields => fields is ["", { Length: > 0 }]).Select(fields => fields[1]).ToHashSet();

    /// <summary>Null for a mount that may not be looked at, that is gone by now, or that puts a single file in place, as containers do.</summary>
    private static Disk? Ask(Host host, Mount mount)
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
        catch (IOException exception)
        {
            throw new OperationException(ErrorType.Unavailable, $"the space of {mount.Point} cannot be read: {exception.Message.ReplaceLineEndings(" ")}");
        }
    }
}
