namespace Osapi.Agent.Hosts.Packages;

/// <summary>The marks of packages: automatic, manual, on hold (apt-mark(8)).</summary>
internal static class AptMarks
{
    /// <summary>Reads the names of the packages that were installed as dependencies only.</summary>
    public static async Task<IReadOnlySet<string>> ReadAutomaticAsync(Host host, CancellationToken cancellationToken) =>
        (await host.ToolMustAsync("apt-mark", ["showauto"], cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);

    /// <summary>Sets a mark. It is not stopped: it takes a moment, and writes the database of dpkg.</summary>
    /// <param name="host">The host.</param>
    /// <param name="mark">The mark: auto, manual, hold or unhold.</param>
    /// <param name="names">The packages.</param>
    public static async Task SetAsync(Host host, string mark, IReadOnlyCollection<string> names)
    {
        if (names.Count > 0)
            await host.ToolMustAsync("apt-mark", [mark, "--", .. names], CancellationToken.None);
    }

    /// <summary>Gets the name with which apt's tools know a package: with the architecture when it is not the host's own.</summary>
    public static string MarkOf(this DpkgDatabase database, InstalledPackage package) =>
        package.Architecture == database.Architecture || package.Architecture == "all" ? package.Name : $"{package.Name}:{package.Architecture}";
}
