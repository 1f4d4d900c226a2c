using System.Globalization;

namespace Osapi.Agent.Hosts.Packages;

/// <summary>Reads the state of apt and dpkg from their files.</summary>
internal static class PackageFiles
{
    private const string Index = "/var/lib/apt/lists";

    /// <summary>True when dpkg was interrupted while it wrote its database.</summary>
    public static bool HasDpkgJournal(this Host host) => Names(host, "/var/lib/dpkg/updates").Any(name => name.All(char.IsAsciiDigit));

    /// <summary>True when the host says that it must be restarted.</summary>
    public static bool RequiresReboot(this Host host) => File.Exists(host.FullPath("/run/reboot-required"));

    /// <summary>Gets the age of the index; null when there is none.</summary>
    public static TimeSpan? IndexAge(this Host host)
    {
        var directory = host.FullPath(Index);
        if (!Directory.Exists(directory) || !Names(host, Index).Any(IsOfIndex))
            return null;
        var age = host.Time.GetUtcNow() - File.GetLastWriteTimeUtc(directory);
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }

    /// <summary>Records that the index is as new as its sources: apt itself leaves no trace of a refresh that found nothing new.</summary>
    public static void MarkIndexFresh(this Host host) => Directory.SetLastWriteTimeUtc(host.FullPath(Index), host.Time.GetUtcNow().UtcDateTime);

    /// <summary>Gets a text that differs when the content of the index does.</summary>
    public static string IndexState(this Host host) => string.Join('\n',
        from name in Names(host, Index)
        where IsOfIndex(name)
        let file = new FileInfo(Path.Join(host.FullPath(Index), name))
        orderby name
        select string.Create(CultureInfo.InvariantCulture, $"{name} {(file.Exists ? file.Length : -1)} {(file.Exists ? file.LastWriteTimeUtc.Ticks : 0)}"));

    /// <summary>Gets a text that differs when packages, their marks or the index changed.</summary>
    public static string PackageState(this Host host) => string.Join('\n',
        from path in (string[])["/var/lib/dpkg/status", "/var/lib/apt/extended_states", Index, "/etc/apt/sources.list", "/etc/apt/sources.list.d", "/etc/apt/preferences.d"]
        let full = host.FullPath(path)
        select string.Create(CultureInfo.InvariantCulture, $"{path} {(File.Exists(full) ? new FileInfo(full).Length : 0)} {File.GetLastWriteTimeUtc(full).Ticks}"));

    private static bool IsOfIndex(string name) => name is not ("lock" or "partial" or "auxfiles");

    private static IEnumerable<string> Names(Host host, string path)
    {
        var directory = host.FullPath(path);
        return Directory.Exists(directory) ? new DirectoryInfo(directory).EnumerateFileSystemInfos().Select(entry => entry.Name) : [];
    }
}
