using System.Globalization;
using Osapi.Agent.Hosts.Disks;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>The control group of this agent.</summary>
internal static class AgentCgroup
{
    private static readonly Lazy<string?> Found = new(Find);

    /// <summary>The directory in the version 2 tree, if groups can be created in it; otherwise null.</summary>
    public static string? Directory => Found.Value;

    private static string? Find()
    {
        try
        {
            // "0::/system.slice/osapi.service" is the version 2 tree; machines with both versions have more lines.
            var path = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?[3..];
            return path is null ? null : Mounts(path).FirstOrDefault(CanHoldGroups);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A container may see only a part of the tree, mounted as if it were the whole: then the path starts above it.
    private static IEnumerable<string> Mounts(string path) =>
        Mount.ParseAll(File.ReadAllText("/proc/self/mountinfo")).Where(mount => mount.Type == "cgroup2").SelectMany(mount => (string[])[Path.Join(mount.Point, path), mount.Point]);

    private static bool CanHoldGroups(string directory)
    {
        var self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        if (!File.Exists(Path.Join(directory, "cgroup.procs")) || !File.ReadLines(Path.Join(directory, "cgroup.procs")).Contains(self))
            return false;
        var probe = Path.Join(directory, $"osapi-probe-{Guid.NewGuid():N}");
        try
        {
            System.IO.Directory.CreateDirectory(probe);
            System.IO.Directory.Delete(probe);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
