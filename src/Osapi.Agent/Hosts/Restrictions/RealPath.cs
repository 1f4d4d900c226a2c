using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Restrictions;

/// <summary>Finds the place of the host that a path leads to, behind all links.</summary>
internal static class RealPath
{
    /// <summary>
    /// Resolves an absolute path of the host. Parts that do not exist, or cannot be entered, are kept as they are written.
    /// </summary>
    public static string Of(Host host, string path)
    {
        var known = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, "/"));
        var rest = "";
        while (known != "/")
        {
            if ((DirectoryAt(host, known) ?? FileAt(host, known)) is { } place)
                return Path.TrimEndingDirectorySeparator(Path.Join(place, rest));
            rest = Path.Join(Path.GetFileName(known), rest);
            known = Path.GetDirectoryName(known)!;
        }

        return Path.TrimEndingDirectorySeparator("/" + rest);
    }

    /// <summary>Gets the path of an open directory of the host.</summary>
    public static string Of(Host host, SafeFileHandle directory)
    {
        // The kernel's name of the descriptor: the place where the directory is now (proc_pid_fd(5)).
        var path = Directory.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{directory.DangerousGetHandle()}"), returnFinalTarget: false)?.FullName ?? "/";
        if (host.Root == "/")
            return path;
        using var root = DirectoryCalls.OpenRoot(host.Root);
        var prefix = Of(new() { Name = host.Name }, root);
        return path == prefix ? "/" : path[prefix.Length..];
    }

    /// <summary>Resolves the links in a path's directories, but not its last name.</summary>
    public static string OfName(Host host, string path) => Path.Join(Of(host, Path.GetDirectoryName(path)!), Path.GetFileName(path));

    private static string? DirectoryAt(Host host, string path) => Walk(host, path, walk =>
    {
        if (!walk.To(path))
            return null;
        using var directory = walk.TakeHandle();
        return Of(host, directory.Handle);
    });

    private static string? FileAt(Host host, string path) => Walk(host, path, walk =>
    {
        if (walk.ToFile(path) is not { } name)
            return null;
        using var directory = walk.TakeHandle();
        return directory.Stat(name) is null ? null : Path.Join(Of(host, directory.Handle), name);
    });

    private static string? Walk(Host host, string path, Func<PathResolver, string?> find)
    {
        try
        {
            using PathResolver walk = new(host.Root, path) { FollowLinks = true };
            return find(walk);
        }
        catch (Exception unreachable) when (unreachable is OperationException or IOException)
        {
            return null;
        }
    }
}
