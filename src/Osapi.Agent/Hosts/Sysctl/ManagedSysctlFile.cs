using System.Text;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Hosts.Sysctl;

/// <summary>The file of this agent that sets one kernel setting at boot.</summary>
/// <param name="Key">The key.</param>
internal sealed record ManagedSysctlFile(SysctlKey Key)
{
    /// <summary>The directory of the administrators' files, which precede those of packages.</summary>
    public const string Directory = "/etc/sysctl.d";

    /// <summary>The first line of files that the agent wrote.</summary>
    public const string Mark = "# Written by osapi for sysctl.value.update. Changes made by hand are overwritten.";

    private const int WorldReadable = 0x1A4, OwnerOnly = 0x180; // 0644, 0600

    /// <summary>The path.</summary>
    public string Path => PathOf(Key);

    /// <summary>True when there is such a file.</summary>
    public bool Exists { get; private init; }

    /// <summary>The value in it; null when there is no file, or one that is not this agent's.</summary>
    public string? Value { get; private init; }

    /// <summary>True when another program wrote it, or it has other lines than the agent would write.</summary>
    public bool IsForeign => Exists && Value is null;

    public static string PathOf(SysctlKey key) => $"{Directory}/90-osapi-{key.Value.Replace('/', '-')}.conf";

    /// <summary>True when a text begins with the mark of files that the agent wrote.</summary>
    public static bool IsMarked(string text) => text.StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>Reads the file.</summary>
    /// <exception cref="OperationException">The agent's configuration denies it, or a link or another thing is in its place.</exception>
    public static ManagedSysctlFile Read(Host host, SysctlKey key)
    {
        ManagedSysctlFile file = new(key);
        using var directory = HostDirectory.OpenParent(host, file.Path, create: false, toWrite: true);
        if (directory?.Stat(System.IO.Path.GetFileName(file.Path)) is not { } stat)
            return file;
        if (stat.Kind != FileKind.Regular)
            throw new OperationException(ErrorType.Conflict, $"{file.Path} is {(stat.Kind == FileKind.Link ? "a symbolic link" : "not a regular file")}, and is not replaced");
        var text = host.ReadSmall(file.Path) is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
        return file with { Exists = true, Value = IsMarked(text) && SysctlAssignment.Parse(text).ToList() is [var only] && only.Path == key.Path ? only.Value : null };
    }

    /// <summary>Writes the file. A link that was put in its place meanwhile is replaced, not followed.</summary>
    /// <param name="host">The host.</param>
    /// <param name="value">The value.</param>
    /// <param name="isPublic">True when every user may read the value.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(Host host, string value, bool isPublic)
    {
        using var directory = HostDirectory.OpenParent(host, Path, create: true, toWrite: true);
        new FileReplacement(directory!, System.IO.Path.GetFileName(Path)).Run(Encoding.UTF8.GetBytes($"{Mark}\n{Key.Value} = {value}\n"), isPublic ? WorldReadable : OwnerOnly);
    }

    /// <summary>Removes the file.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public void Remove(Host host)
    {
        using var directory = HostDirectory.OpenParent(host, Path, create: false, toWrite: true);
        if (directory?.Stat(System.IO.Path.GetFileName(Path)) is { } stat)
            directory.Remove(System.IO.Path.GetFileName(Path), stat);
    }
}
