using System.Text;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Sysctl;

/// <summary>A file that sets kernel settings at boot.</summary>
/// <param name="Path">The path.</param>
internal sealed record SysctlFile(string Path)
{
    /// <summary>The assignments, in their order.</summary>
    public IReadOnlyList<SysctlAssignment> Assignments { get; private init; } = [];

    /// <summary>True when every user of the host may read it.</summary>
    public bool IsPublic { get; private init; }

    /// <summary>True when <c>sysctl.value.update</c> wrote it.</summary>
    public bool IsMarked { get; private init; }

    /// <summary>Reads a file. One that cannot be read sets nothing at boot either, such as a link to /dev/null that masks another file.</summary>
    public static SysctlFile Read(Host host, string path)
    {
        const int OthersRead = 4;
        try
        {
            if (host.ReadSmall(path, out var stat) is not { } bytes)
                return new(path);
            var text = Encoding.UTF8.GetString(bytes);
            return new(path) { Assignments = [.. SysctlAssignment.Parse(text)], IsPublic = (stat.Mode & OthersRead) != 0, IsMarked = ManagedSysctlFile.IsMarked(text) };
        }
        catch (OperationException)
        {
            return new(path);
        }
    }
}
