using System.Text;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Hosts.Sysctl;

/// <summary>The files that set kernel settings at boot, in the order in which they are applied: the last assignment counts.</summary>
/// <param name="All">The files.</param>
internal sealed record SysctlFiles(IReadOnlyList<SysctlFile> All)
{
    // Read after all others by sysctl --system; systemd reads it only where a link in a directory leads to it.
    private const string Last = "/etc/sysctl.conf";

    private const string Extension = ".conf";

    // A file of an earlier directory masks those of the same name in later ones.
    private static readonly string[] Directories = [ManagedSysctlFile.Directory, "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d"];

    /// <summary>Reads the files of a host.</summary>
    public static SysctlFiles Read(Host host)
    {
        SortedDictionary<string, string> paths = new(StringComparer.Ordinal);
        foreach (var directory in Directories)
            foreach (var name in NamesIn(host, directory))
                paths.TryAdd(name, $"{directory}/{name}");
        return new([.. paths.Values.Append(Last).Select(path => SysctlFile.Read(host, path))]);
    }

    /// <summary>Finds the file that sets a setting last, and its value; null when none does.</summary>
    /// <remarks>A pattern sets only what no file sets by its exact name.</remarks>
    public (SysctlFile File, string Value)? FindLast(string path) => Find(path, All, isPattern: false) ?? Find(path, All, isPattern: true);

    /// <summary>Finds the file that is applied after one of this agent and sets another value at last; null when there is none.</summary>
    public string? FindOverride(string path, string value, string ownPath)
    {
        var name = Path.GetFileName(ownPath);
        var later = All.Where(file => file.Path == Last || string.CompareOrdinal(Path.GetFileName(file.Path), name) > 0);
        return Find(path, later, isPattern: false) is { } found && !SysctlValue.AreSame(found.Value, value) ? found.File.Path : null;
    }

    private static (SysctlFile File, string Value)? Find(string path, IEnumerable<SysctlFile> files, bool isPattern) =>
        files.Reverse().Select(file => (File: file, Found: file.Assignments.LastOrDefault(line => line.IsPattern == isPattern && line.Sets(path)))).FirstOrDefault(each => each.Found is not null) is { Found: { } line, File: var where }
            ? (where, line.Value)
            : null;

    private static IEnumerable<string> NamesIn(Host host, string path)
    {
        using var directory = HostDirectory.Open(host, path, create: false);
        if (directory is null)
            return [];
        using var readable = DirectoryCalls.OpenAt(directory.Handle, ".", OpenFlags.ReadOnly | OpenFlags.OnlyDirectory);
        return [.. DirectoryNames.Of(readable).Select(name => Encoding.UTF8.GetString(name.AsSpan(0, name.Length - 1))).Where(name => name.EndsWith(Extension, StringComparison.Ordinal))];
    }
}
