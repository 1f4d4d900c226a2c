using System.Text;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Hosts.Sysctl;

/// <summary>The settings of the running kernel: the files below /proc/sys. No link below that directory is followed.</summary>
/// <param name="host">The host.</param>
internal sealed class KernelSettings(Host host)
{
    public const string Directory = "/proc/sys";

    // The kernel's own limit is a page, but for a few.
    private const int MaxBytes = 64 * 1024;

    /// <summary>Reads a setting; null when the kernel does not know it.</summary>
    /// <exception cref="OperationException">It is a directory of settings, or there is no /proc/sys.</exception>
    public KernelSetting? Find(string path)
    {
        using var parent = OpenParent(path);
        return parent?.Stat(NameIn(path)) switch
        {
            { Kind: FileKind.Directory } => throw new OperationException(ErrorType.Invalid, $"{SysctlKey.NameOf(path)} is not a kernel setting, but the beginning of the names of several"),
            { Kind: FileKind.Regular } stat => Read(parent, path, stat),
            _ => null,
        };
    }

    /// <summary>Creates the error for a key that the kernel does not know.</summary>
    public OperationException Unknown(string path)
    {
        using var parent = OpenParent(path);
        var names = parent is null ? [] : Names(parent).Where(name => parent.Stat(name)?.Kind == FileKind.Regular).ToList();
        return new(ErrorType.NotFound, $"the kernel of this host has no setting {SysctlKey.NameOf(path)}{Suggestions.Hint(NameIn(path), names)}; it may belong to a module that is not loaded");
    }

    /// <summary>Requires that the kernel lets this agent write a setting. Nothing is written.</summary>
    /// <exception cref="OperationException">The kernel does not.</exception>
    public void RequireWritable(KernelSetting setting)
    {
        if (!setting.IsWritable)
            throw new OperationException(ErrorType.Conflict, $"the kernel setting {SysctlKey.NameOf(setting.Path)} can only be read");
        if (!setting.IsReadable)
            throw new OperationException(ErrorType.Conflict, $"{SysctlKey.NameOf(setting.Path)} is a command of the kernel and no setting: it has no value that could be compared");
        WithFile(setting.Path, OpenFlags.WriteOnly, static _ => { });
    }

    /// <summary>Writes a value, in one write.</summary>
    /// <exception cref="OperationException">The kernel does not take it.</exception>
    public void Write(string path, string value) =>
        WithFile(path, OpenFlags.WriteOnly | OpenFlags.Truncate, file => OpenFileCalls.WriteAtOnce(file, Encoding.UTF8.GetBytes(value + "\n")));

    /// <summary>Reads all settings at or below a path, in no order. An unknown path has none.</summary>
    public IEnumerable<KernelSetting> Below(string? path, CancellationToken cancellationToken)
    {
        if (path is null)
        {
            using var root = OpenRoot();
            return [.. Walk(root, "", cancellationToken)];
        }

        using var parent = OpenParent(path);
        return parent is null ? [] : [.. Enter(parent, NameIn(path), path, cancellationToken)];
    }

    private static string NameIn(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static IEnumerable<KernelSetting> Walk(HostDirectory directory, string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Its files are registered formats of programs; looking into it mounts it.
        return path == "fs/binfmt_misc" ? [] : Names(directory).SelectMany(name => Enter(directory, name, path.Length == 0 ? name : $"{path}/{name}", cancellationToken));
    }

    private static IEnumerable<KernelSetting> Enter(HostDirectory parent, string name, string path, CancellationToken cancellationToken)
    {
        if (parent.Stat(name) is not { } stat)
            yield break;
        if (stat.Kind == FileKind.Regular)
            yield return Read(parent, path, stat);
        if (stat.Kind != FileKind.Directory || Open(parent, name) is not { } directory)
            yield break;
        using (directory)
            foreach (var setting in Walk(directory, path, cancellationToken))
                yield return setting;
    }

    private static List<string> Names(HostDirectory directory)
    {
        try
        {
            using var readable = DirectoryCalls.OpenAt(directory.Handle, ".", OpenFlags.ReadOnly | OpenFlags.OnlyDirectory);
            return [.. DirectoryNames.Of(readable).Select(name => Encoding.UTF8.GetString(name.AsSpan(0, name.Length - 1)))];
        }
        catch (HostFileException gone) when (gone.Error is ErrorNumber.NoEntry or ErrorNumber.AccessDenied)
        {
            // The directory of an interface that was removed meanwhile, or one that the agent may not list.
            return [];
        }
    }

    // Some refuse to be read although their mode allows it, such as net.ipv6.conf.all.stable_secret before it is set.
    private static KernelSetting Read(HostDirectory parent, string path, FileStat stat)
    {
        try
        {
            using var file = parent.OpenToRead(NameIn(path));
            var buffer = new byte[MaxBytes];
            var length = 0;
            while (length < buffer.Length && RandomAccess.Read(file, buffer.AsSpan(length), length) is > 0 and var count)
                length += count;
            return new(path, Encoding.UTF8.GetString(buffer, 0, length).TrimEnd('\n'), stat);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new(path, null, stat);
        }
    }

    private HostDirectory OpenRoot() =>
        HostDirectory.Open(host, Directory, create: false) ?? throw new OperationException(ErrorType.Unavailable, $"there is no {Directory} on this host");

    private HostDirectory? OpenParent(string path)
    {
        var current = OpenRoot();
        foreach (var name in path.Split('/')[..^1])
        {
            using var above = current;
            if (Open(above, name) is not { } next)
                return null;
            current = next;
        }

        return current;
    }

    private static HostDirectory? Open(HostDirectory parent, string name)
    {
        try
        {
            return new(parent.Path + "/" + name, DirectoryCalls.OpenAt(parent.Handle, name, OpenFlags.PathOnly | OpenFlags.OnlyDirectory | OpenFlags.NoFollow));
        }
        catch (HostFileException missing) when (missing.Error is ErrorNumber.NoEntry or ErrorNumber.NotDirectory)
        {
            return null;
        }
    }

    private void WithFile(string path, int flags, Action<Microsoft.Win32.SafeHandles.SafeFileHandle> work)
    {
        using var parent = OpenParent(path) ?? throw Unknown(path);
        try
        {
            using var file = DirectoryCalls.OpenAt(parent.Handle, NameIn(path), flags | OpenFlags.NoFollow | OpenFlags.NonBlocking);
            work(file);
        }
        catch (HostFileException refused)
        {
            throw KernelErrors.Of(refused, SysctlKey.NameOf(path));
        }
    }
}
