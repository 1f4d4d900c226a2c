using Microsoft.Win32.SafeHandles;
using Osapi.Operations;

namespace Osapi.Agent.Hosts;

/// <summary>
/// An open directory of the host. Whatever is done goes through its descriptor, so that nobody can put another directory
/// in its place meanwhile.
/// </summary>
internal sealed class HostDirectory(string path, SafeFileHandle handle) : IDisposable
{
    private const int NewDirectoryMode = 0x1ED; // 0755

    // As many as the kernel follows (path_resolution(7)).
    private const int MostLinks = 40;

    /// <summary>Where it is, as it was asked for.</summary>
    public string Path => path;

    public SafeFileHandle Handle => handle;

    /// <summary>
    /// Opens a directory of the host. On the way a symbolic link in a directory that everybody writes to is followed only
    /// when it belongs to the agent's user or to the directory's owner, whatever <c>fs.protected_symlinks</c> says (proc_sys_fs(5)).
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="path">An absolute path.</param>
    /// <param name="create">True to make what is missing.</param>
    /// <param name="toWrite">True when a link on the way that leads nowhere is an error: nothing is made there, as mkdir(1) makes nothing either.</param>
    /// <returns>Null when it does not exist.</returns>
    /// <exception cref="OperationException">Something on the way is no directory, or a link that cannot be trusted or leads nowhere.</exception>
    public static HostDirectory? Open(Host host, string path, bool create, bool toWrite = false)
    {
        var current = Libc.OpenRoot(host.Root);
        try
        {
            Stack<(string Name, string? Link)> left = new(Parts(path, link: null));
            var links = 0;
            while (left.TryPop(out var part))
            {
                var (name, link) = part;
                var next = Step(current, name, create && link is null, path);
                if (next is null)
                {
                    if (toWrite && link is not null)
                        throw new OperationException(ErrorType.Conflict, $"{path} cannot be reached: {link} on the way is a symbolic link to something that does not exist");
                    current.Dispose();
                    return null;
                }

                var stat = Libc.StatOf(next);
                if (stat.Kind == FileKind.Directory)
                {
                    current.Dispose();
                    current = next;
                    continue;
                }

                using (next)
                {
                    if (stat.Kind != FileKind.Link)
                        throw new OperationException(ErrorType.Conflict, $"{path} cannot be reached: {name} on the way is not a directory");
                    if (++links > MostLinks)
                        throw new OperationException(ErrorType.Conflict, $"{path} cannot be reached: too many symbolic links on the way");
                    Trust(Libc.StatOf(current), stat, name, path);
                    var target = Libc.ReadLink(next);
                    if (target.StartsWith('/'))
                    {
                        current.Dispose();
                        current = Libc.OpenRoot(host.Root);
                    }

                    foreach (var step in Parts(target, name))
                        left.Push(step);
                }
            }

            return new(path, current);
        }
        catch
        {
            current.Dispose();
            throw;
        }
    }

    public FileStat? Stat(string name) => Libc.StatAt(handle, name);

    /// <summary>Opens a file for reading. It never follows a link, and never waits for a pipe's other end.</summary>
    public SafeFileHandle OpenToRead(string name)
    {
        try
        {
            // Its owner may look at a file without that being noted in its access time.
            return Libc.OpenAt(handle, name, Libc.ReadOnly | Libc.NoFollow | Libc.NonBlocking | Libc.NoAccessTime);
        }
        catch (HostIOException refused) when (refused.Error == Libc.NotPermitted)
        {
            return Libc.OpenAt(handle, name, Libc.ReadOnly | Libc.NoFollow | Libc.NonBlocking);
        }
    }

    /// <summary>The names in it that begin so; none when it may not be listed.</summary>
    public IReadOnlyList<string> Names(string prefix)
    {
        try
        {
            return [.. Directory.EnumerateFiles($"/proc/self/fd/{handle.DangerousGetHandle()}", prefix + "*").Select(System.IO.Path.GetFileName).OfType<string>()];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Makes the names in it durable. Some file systems know no such thing.</summary>
    public void Sync()
    {
        try
        {
            using var readable = Libc.OpenAt(handle, ".", Libc.ReadOnly | Libc.OnlyDirectory);
            Libc.Sync(readable);
        }
        catch (HostIOException unknown) when (unknown.Error is Libc.Invalid or Libc.NotSupported or Libc.Access)
        {
            // A directory that may be written but not read cannot be flushed either.
        }
    }

    public void Dispose() => handle.Dispose();

    // The last first, as a stack takes them.
    private static IEnumerable<(string Name, string? Link)> Parts(string path, string? link) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse().Select(name => (name, link));

    private static SafeFileHandle? Step(SafeFileHandle from, string name, bool create, string path)
    {
        try
        {
            return Libc.OpenAt(from, name, Libc.PathOnly | Libc.NoFollow);
        }
        catch (HostIOException missing) when (missing.Error == Libc.NoEntry)
        {
            if (!create)
                return null;
            return Make(from, name);
        }
        catch (HostIOException refused) when (refused.Error == Libc.NotDirectory)
        {
            throw new OperationException(ErrorType.Conflict, $"{path} cannot be reached: something on the way is not a directory");
        }
    }

    private static SafeFileHandle Make(SafeFileHandle from, string name)
    {
        Libc.MakeDirectory(from, name, NewDirectoryMode);
        using (var made = Libc.OpenAt(from, name, Libc.ReadOnly | Libc.OnlyDirectory | Libc.NoFollow))
            // The agent's umask has no say in how directories of a host look.
            Libc.ChangeMode(made, NewDirectoryMode);
        using (HostDirectory parent = new(".", Libc.OpenAt(from, ".", Libc.PathOnly | Libc.OnlyDirectory)))
            parent.Sync();
        return Libc.OpenAt(from, name, Libc.PathOnly | Libc.NoFollow);
    }

    private static void Trust(FileStat directory, FileStat link, string name, string path)
    {
        if (directory.IsShared && link.User != Libc.EffectiveUser() && link.User != directory.User)
            throw new OperationException(ErrorType.Conflict, $"{path} is not followed: {name} on the way is a symbolic link that another user put into a directory open to all");
    }
}
