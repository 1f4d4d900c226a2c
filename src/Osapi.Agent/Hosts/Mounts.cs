using System.Text;

namespace Osapi.Agent.Hosts;

/// <summary>One line of /proc/self/mountinfo.</summary>
/// <param name="Device">Major and minor number, such as <c>8:1</c>.</param>
/// <param name="Root">Which directory of the file system is mounted; <c>/</c> for all of it.</param>
/// <param name="Point">Where it is mounted.</param>
/// <param name="Type">The file system's type.</param>
/// <param name="Source">What is mounted, such as <c>/dev/sda1</c>.</param>
internal sealed record Mount(string Device, string Root, string Point, string Type, string Source);

/// <summary>Reads /proc/self/mountinfo (proc_pid_mountinfo(5)).</summary>
internal static class Mounts
{
    private const string Path = "/proc/self/mountinfo";

    public static IReadOnlyList<Mount> ReadMounts(this Host host) =>
        [.. host.Read(Path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).OfType<Mount>()];

    /// <summary>
    /// The mounts that stand for local storage: for each file system those that show it, first where all of it
    /// is mounted, then the shortest path. A root that is laid over another file system, as in a container, counts too.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<Mount>> Local(IEnumerable<Mount> mounts)
    {
        // Of several mounts on one point only the last can be seen.
        var visible = mounts.GroupBy(mount => mount.Point).Select(group => group.Last()).ToList();
        return
        [
            .. visible.Where(IsLocal).GroupBy(FileSystem)
                .Select(same => same.OrderBy(mount => mount.Root == "/" ? 0 : 1).ThenBy(mount => mount.Point.Length).ThenBy(mount => mount.Point, StringComparer.Ordinal).ToList()),
        ];
    }

    // Mounted images: always full, never of interest.
    private static readonly IReadOnlyList<string> ReadOnlyImages = ["squashfs", "erofs", "iso9660", "udf", "cramfs"];

    // What a root without a device of its own may be: that of a container, or of a small virtual machine.
    private static readonly IReadOnlyList<string> Roots = ["overlay", "fuse.fuse-overlayfs", "virtiofs"];

    private static bool IsLocal(Mount mount) =>
        mount.Type == "zfs" || mount.Point == "/" && Roots.Contains(mount.Type)
        // Behind fuse may be anything, also a network; fuseblk says that it is a disk.
        || mount.Source.StartsWith("/dev/", StringComparison.Ordinal) && !ReadOnlyImages.Contains(mount.Type)
            && mount.Type != "fuse" && !mount.Type.StartsWith("fuse.", StringComparison.Ordinal);

    // Bind mounts share the number of the device, whatever name it was mounted by. Subvolumes of btrfs have made-up
    // numbers of their own, with major number 0, and share the source.
    private static string FileSystem(Mount mount) => mount.Device.StartsWith("0:", StringComparison.Ordinal) ? mount.Source : mount.Device;

    private static Mount? Parse(string line)
    {
        // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw: the optional fields end at a single hyphen.
        var fields = line.Split(' ');
        var end = Array.IndexOf(fields, "-");
        return end >= 6 && fields.Length > end + 2 ? new(fields[2], fields[3], Unescape(fields[4]), Unescape(fields[end + 1]), Unescape(fields[end + 2])) : null;
    }

    // Space, tab, newline and backslash stand as octal: \040.
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
            return field;
        StringBuilder text = new(field.Length);
        for (var i = 0; i < field.Length; i++)
            if (field[i] == '\\' && i + 3 < field.Length && field[(i + 1)..(i + 4)].All(digit => digit is >= '0' and <= '7'))
            {
                text.Append((char)Convert.ToInt32(field[(i + 1)..(i + 4)], 8));
                i += 3;
            }
            else
            {
                text.Append(field[i]);
            }

        return text.ToString();
    }
}
