namespace Osapi.Agent.Hosts.Disks;

/// <summary>The mount table of the machine.</summary>
internal sealed class MountTable(IReadOnlyList<Mount> mounts)
{
    private const string Path = "/proc/self/mountinfo";

    private readonly ILookup<int, Mount> children = mounts.ToLookup(mount => mount.Parent);
    private readonly Dictionary<int, Mount> byId = mounts.DistinctBy(mount => mount.Id).ToDictionary(mount => mount.Id);

    public IReadOnlyList<Mount> Mounts => mounts;

    /// <summary>Reads the mount table.</summary>
    public static MountTable Read(Host host) =>
        Mount.ParseAll(host.Read(Path)) is { Count: > 0 } mounts ? new(mounts) : throw HostFiles.InvalidText(Path, "mount that can be read");

    /// <summary>
    /// True when another mount covers this mount's path. A query there would describe the wrong file system, and would
    /// hang if the other one is a network file system whose server is gone.
    /// </summary>
    public bool IsHidden(Mount mount)
    {
        if (children[mount.Id].Any(child => child.Id != mount.Id && child.Point == mount.Point))
            return true;

        // The path leads through its parent mounts, each of which may be covered by another mount.
        HashSet<int> seen = [];
        for (var at = mount; at is not null && seen.Add(at.Id); at = byId.GetValueOrDefault(at.Parent))
            if (children[at.Parent].Any(sibling => sibling.Id != at.Id && Covers(sibling, at)))
                return true;
        return false;
    }

    private static bool Covers(Mount other, Mount mount) =>
        other.Point == mount.Point ? other.Id > mount.Id : IsAbove(other.Point, mount.Point) && other.Id != mount.Parent;

    private static bool IsAbove(string ancestor, string path) =>
        path.StartsWith(ancestor, StringComparison.Ordinal) && (ancestor == "/" || path[ancestor.Length] == '/');
}
