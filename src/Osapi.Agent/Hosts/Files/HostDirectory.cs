using Microsoft.Win32.SafeHandles;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Files;

/// <summary>
/// An open directory of the host. All operations use its descriptor, so that no other directory can be put in its place
/// meanwhile.
/// </summary>
internal sealed class HostDirectory(string path, SafeFileHandle handle) : IDisposable
{
    /// <summary>The path, as requested.</summary>
    public string Path => path;

    public SafeFileHandle Handle => handle;

    /// <summary>True when everybody on the host may reach it.</summary>
    public bool IsPublic { get; init; }

    /// <summary>
    /// True when only root, or the agent's user, can change names in it: no user can then replace an inspected file.
    /// </summary>
    public bool IsTrusted => FileStatCalls.StatOf(handle) is { IsPrivileged: true, IsWrittenByOwnerOnly: true };

    /// <summary>Opens a directory of the host.</summary>
    /// <param name="host">The host.</param>
    /// <param name="path">An absolute path.</param>
    /// <param name="create">True to create missing directories.</param>
    /// <param name="toWrite">True when a dangling link on the path is an error.</param>
    /// <param name="followLinks">True to follow links of users into other users' directories.</param>
    /// <returns>Null when it does not exist.</returns>
    /// <exception cref="OperationException">
    /// A part of the path is not a directory, or is a link that is dangling or not followed.
    /// </exception>
    public static HostDirectory? Open(Host host, string path, bool create, bool toWrite = false, bool followLinks = false) =>
        Open(host, path, create, toWrite, followLinks, out _);

    /// <inheritdoc cref="Open(Host, string, bool, bool, bool)"/>
    /// <param name="isPublic">True when everybody may reach it, or its future location.</param>
    public static HostDirectory? Open(Host host, string path, bool create, bool toWrite, bool followLinks, out bool isPublic)
    {
        using PathResolver walk = new(host.Root, path) { Create = create, ToWrite = toWrite, FollowLinks = followLinks };
        var isThere = walk.To(path);
        isPublic = walk.IsPublic;
        return isThere ? walk.TakeHandle() : null;
    }

    /// <summary>Opens the directory of a file that a caller reads or changes.</summary>
    /// <param name="host">The host.</param>
    /// <param name="file">The absolute path of the file.</param>
    /// <param name="create">True to create missing directories.</param>
    /// <param name="toWrite">True when a dangling link on the path is an error.</param>
    /// <param name="followLinks">True to follow links of users into other users' directories.</param>
    /// <returns>Null when it does not exist.</returns>
    /// <exception cref="OperationException">
    /// The agent's configuration denies the file; or the directory cannot be opened, as in <see cref="Open(Host, string, bool, bool, bool)"/>.
    /// </exception>
    public static HostDirectory? OpenParent(Host host, string file, bool create, bool toWrite = false, bool followLinks = false) =>
        OpenParent(host, file, create, toWrite, followLinks, out _);

    /// <inheritdoc cref="OpenParent(Host, string, bool, bool, bool)"/>
    /// <param name="isPublic">True when everybody may reach it, or its future location.</param>
    public static HostDirectory? OpenParent(Host host, string file, bool create, bool toWrite, bool followLinks, out bool isPublic)
    {
        // Before anything is created, and again where the walk has really led.
        host.RequireAllowed(file);
        var directory = Open(host, System.IO.Path.GetDirectoryName(file)!, create, toWrite, followLinks, out isPublic);
        if (directory is not null)
            host.RequireAllowed(directory, file);
        return directory;
    }

    public FileStat? Stat(string name) => FileStatCalls.StatAt(handle, name);

    /// <summary>Opens a file for reading. It never follows a link, and never waits for the other end of a pipe.</summary>
    public SafeFileHandle OpenToRead(string name)
    {
        try
        {
            // Its owner may read a file without updating its access time.
            return DirectoryCalls.OpenAt(handle, name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.NoAccessTime);
        }
        catch (HostFileException refused) when (refused.Error == ErrorNumber.NotPermitted)
        {
            return DirectoryCalls.OpenAt(handle, name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        }
    }

    /// <summary>Opens the inspected file, and no other.</summary>
    /// <exception cref="FileExchangedException">Another file, or none, is there now.</exception>
    public SafeFileHandle OpenSame(string name, FileStat seen)
    {
        SafeFileHandle file;
        try
        {
            file = OpenToRead(name);
        }
        catch (HostFileException gone) when (gone.Error is ErrorNumber.NoEntry or ErrorNumber.TooManyLinks)
        {
            throw new FileExchangedException(name);
        }

        if (FileStatCalls.StatOf(file).IsSame(seen))
            return file;
        file.Dispose();
        throw new FileExchangedException(name);
    }

    /// <summary>True when the owner and mode of a file may be changed in place.</summary>
    /// <remarks>
    /// In a directory where users can change names, another user's file may appear under any name. There only a file of
    /// the user who alone can do so is changed in place; any other is replaced.
    /// </remarks>
    public bool MayChangeInPlace(FileStat file) =>
        IsTrusted || (FileStatCalls.StatOf(handle) is { IsWrittenByOwnerOnly: true } self && self.User == file.User);

    /// <summary>Gets the names in it that have a prefix, at most a hundred; none when it cannot be listed.</summary>
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

    /// <summary>Makes the names in it durable, on file systems that support it.</summary>
    public void Sync()
    {
        try
        {
            using var readable = DirectoryCalls.OpenAt(handle, ".", OpenFlags.ReadOnly | OpenFlags.OnlyDirectory);
            OpenFileCalls.Sync(readable);
        }
        catch (HostFileException unknown) when (unknown.Error is ErrorNumber.Invalid or ErrorNumber.NotSupported or ErrorNumber.AccessDenied)
        {
            // A directory that is writable but not readable cannot be flushed either.
        }
    }

    public void Dispose() => handle.Dispose();
}
