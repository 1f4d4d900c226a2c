using System.IO.Enumeration;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Hosts.Sysctl;

/// <summary>A line of a file that sets a kernel setting at boot (sysctl.d(5)).</summary>
/// <param name="Path">The path below /proc/sys; it may have wildcards.</param>
/// <param name="Value">The value.</param>
internal sealed record SysctlAssignment(string Path, string Value)
{
    /// <summary>True when the line sets all settings whose names match. A line with the exact name goes before it, wherever it is.</summary>
    public bool IsPattern => Path.AsSpan().IndexOfAny('*', '?', '[') >= 0;

    /// <summary>Parses the lines of a file. Lines without a value are left out.</summary>
    public static IEnumerable<SysctlAssignment> Parse(string text) =>
        from line in text.Split('\n')
        let assignment = line.Trim()
        where assignment.Length > 0 && assignment[0] is not ('#' or ';')
        let separator = assignment.IndexOf('=', StringComparison.Ordinal)
        where separator > 0
        // A hyphen before the name means that errors do not matter.
        let name = assignment[..separator].TrimStart('-').Trim()
        where name.Length > 0
        select new SysctlAssignment(SysctlKey.PathOf(name), assignment[(separator + 1)..].Trim());

    /// <summary>True when it sets the setting at a path.</summary>
    public bool Sets(string path) => IsPattern ? Path.Split('/') is var parts && path.Split('/') is var names && parts.Length == names.Length && parts.Zip(names).All(pair => FileSystemName.MatchesSimpleExpression(pair.First, pair.Second, ignoreCase: false)) : Path == path;
}
