using Microsoft.Win32.SafeHandles;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Files;

/// <summary>
/// An open directory of the host. Whatever is done goes through its descriptor, so that nobody can put another directory
/// in its place meanwhile.
/// </summary>
internal sealed class HostDirectory(string path, SafeFileHandle handle) : IDisposable
{
    /// <summary>Where it is, as it was asked for.</summary>
    public string Path => path;

    public SafeFileHandle Handle => handle;

    /// <summary>True when everybody on the host may walk to it.</summary>
    public bool IsPublic { get; init; }

    /// <summary>
    /// True when only root, or the agent's user, can change names in it: then a file that was looked at under a name is still
    /// there, as far as users go.
    /// </summary>
    public bool IsTrusted => Libc.StatOf(handle) is { IsPrivileged: true, IsWrittenByOwnerOnly: true };

    /// <summary>Opens a directory of the host.</summary>
    /// <param name="host">The host.</param>
    /// <param name="path">An absolute path.</param>
    /// <param name="create">True to make what is missing.</param>
    /// <param name="toWrite">True when a link on the way that leads nowhere is an error.</param>
    /// <param name="followLinks">True to follow links of users into directories that are not theirs.</param>
    /// <returns>Null when it does not exist.</returns>
    /// <exception cref="OperationException">Something on the way is no directory, or a link that is not followed or leads nowhere.</exception>
    public static HostDirectory? Open(Host host, string path, bool create, bool toWrite = false, bool followLinks = false) =>
        Open(host, path, create, toWrite, followLinks, out _);

    /// <inheritdoc cref="Open(Host, string, bool, bool, bool)"/>
    /// <param name="isPublic">True when everybody may walk to it, or to where it would be.</param>
    public static HostDirectory? Open(Host host, string path, bool create, bool toWrite, bool followLinks, out bool isPublic)
    {
        using PathResolver walk = new(host.Root, path) { Create = create, ToWrite = toWrite, FollowLinks = followLinks };
        var isThere = walk.To(path);
        isPublic = walk.IsPublic;
        return isThere ? walk.TakeHandle() : null;
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
        catch (HostFileException refused) when (refused.Error == Libc.NotPermitted)
        {
            return Libc.OpenAt(handle, name, Libc.ReadOnly | Libc.NoFollow | Libc.NonBlocking);
        }
    }

    /// <summary>Opens the file that was looked at, and no other.</summary>
    /// <exception cref="FileExchangedException">Another one, or none, is there now.</exception>
    public SafeFileHandle OpenSame(string name, FileStat seen)
    {
        SafeFileHandle file;
        try
        {
            file = OpenToRead(name);
        }
        catch (HostFileException gone) when (gone.Error is Libc.NoEntry or Libc.TooManyLinks)
        {
            throw new FileExchangedException(name);
        }

        if (Libc.StatOf(file).IsSame(seen))
            return file;
        file.Dispose();
        throw new FileExchangedException(name);
    }

    /// <summary>
    /// True when owner and mode of a file may be changed where it is. In a directory where users can change names the file of
    /// another one may stand under any name; there only a file of the one who alone can do so is changed, any other replaced.
    /// </summary>
    public bool MayChangeInPlace(FileStat file) =>
        IsTrusted || (Libc.StatOf(handle) is { IsWrittenByOwnerOnly: true } self && self.User == file.User);

    /// <summary>The names in it that begin so, a hundred at most; none when it may not be listed.</summary>
    public IReadOnlyList<string> Names(string prefix)
    {
        const int Most = 100;
        try
        {
            return [.. Directory.EnumerateFiles($"/proc/self/fd/{handle.DangerousGetHandle()}", prefix + "*").Select(System.IO.Path.GetFileName).OfType<string>().Take(Most)];
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
        catch (HostFileException unknown) when (unknown.Error is Libc.Invalid or Libc.NotSupported or Libc.Access)
        {
            // A directory that may be written but not read cannot be flushed either.
        }
    }

    public void Dispose() => handle.Dispose();
}
