using System.Text;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Packages;

/// <summary>The files of one repository on a host: its source and its key.</summary>
/// <param name="Source">The bytes of the source; null for none.</param>
/// <param name="Key">The bytes of the key; null for none.</param>
internal sealed record RepositoryFiles(byte[]? Source, byte[]? Key)
{
    private const int WorldReadable = 0x1A4; // 0644

    public static string SourcePath(string name) => $"/etc/apt/sources.list.d/osapi-{name}.sources";

    public static string KeyPath(string name) => $"/etc/apt/keyrings/osapi-{name}.asc";

    /// <summary>The text of the source; null for none.</summary>
    public string? Text => Source is null ? null : Encoding.UTF8.GetString(Source);

    /// <exception cref="OperationException">The host has no apt.</exception>
    public static void RequireApt(Host host)
    {
        if (!Directory.Exists(host.FullPath("/etc/apt")))
            throw new OperationException(ErrorType.Unavailable, "there is no /etc/apt on this host: operations on packages need apt");
    }

    /// <summary>Reads the files.</summary>
    /// <exception cref="OperationException">One cannot be read.</exception>
    public static RepositoryFiles Read(Host host, string name) => new(host.ReadSmall(SourcePath(name)), host.ReadSmall(KeyPath(name)));

    /// <summary>True when the content is the same.</summary>
    public bool IsSame(RepositoryFiles other) => AreSame(Source, other.Source) && AreSame(Key, other.Key);

    /// <summary>Writes the files, and removes those that are not to be there. The key is there before its source, and as long.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Write(Host host, string name)
    {
        if (Key is not null)
            Write(host, KeyPath(name), Key);
        Write(host, SourcePath(name), Source);
        if (Key is null)
            Write(host, KeyPath(name), null);
    }

    private static void Write(Host host, string path, byte[]? content)
    {
        using var directory = HostDirectory.OpenParent(host, path, create: content is not null, toWrite: true);
        var name = Path.GetFileName(path);
        if (content is not null)
            new FileReplacement(directory!, name).Run(content, WorldReadable);
        else if (directory?.Stat(name) is not null)
            DirectoryCalls.Unlink(directory.Handle, name);
    }

    private static bool AreSame(byte[]? one, byte[]? other) => one is null || other is null ? one is null && other is null : one.AsSpan().SequenceEqual(other);
}
