using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts.Files;

/// <summary>
/// Gives a file new content so that a reader sees the old or the new one, whole, whatever dies in between: it is written
/// to a temporary file in the same directory, flushed, and renamed over the old one (rename(2)).
/// </summary>
/// <remarks>
/// Owner and mode are set on the descriptor of the file that was made here, so they are never given to another one, whatever
/// users do to the names meanwhile.
/// </remarks>
internal sealed class FileReplacement(HostDirectory directory, string name)
{
    private const int Private = 0x180; // 0600

    // So that a later replacement of the same file can tell what an earlier one left behind.
    private readonly string prefix = $".osapi-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..12]}-";

    /// <summary>What must stand at the name when it is replaced; anything when not given.</summary>
    public RenamePolicy Placement { get; init; } = RenamePolicy.OverAnything;

    /// <summary>When the content was last changed, in nanoseconds since 1970, for content that only moves to another file; null for now.</summary>
    public long? Modified { get; init; }

    /// <summary>Writes and replaces.</summary>
    /// <param name="writeAsync">Writes the content.</param>
    /// <param name="mode">The new file's permission bits.</param>
    /// <param name="user">Its owner; null for the agent's user.</param>
    /// <param name="group">Its group; null for the one that the kernel gives a new file.</param>
    /// <param name="cancellationToken">Gives up before the file is replaced.</param>
    /// <returns>True when the file could only be written in place, because something is mounted on it.</returns>
    /// <exception cref="FileExchangedException">Something else stands at the name than what must.</exception>
    public async Task<bool> RunAsync(Func<Stream, CancellationToken, Task> writeAsync, int mode, uint? user, uint? group, CancellationToken cancellationToken)
    {
        RemoveLeftovers();
        var temporary = NewName();
        var file = Open(temporary);
        var made = Libc.StatOf(file);
        try
        {
            await using (FileStream stream = new(file, FileAccess.Write, bufferSize: 0))
            {
                await writeAsync(stream, cancellationToken);
                Finish(file, mode, user, group);
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    Placement.Place(directory, temporary, name, made);
                }
                catch (HostFileException busy) when (busy.Error == Libc.Busy)
                {
                    WriteInPlace(file, mode, user, group);
                    TryUnlink(temporary, made);
                    return true;
                }
            }
        }
        catch
        {
            TryUnlink(temporary, made);
            throw;
        }

        directory.Sync();
        return false;
    }

    /// <summary>Writes a small file of the agent's own.</summary>
    public void Run(byte[] content, int mode)
    {
        RemoveLeftovers();
        var temporary = NewName();
        using var file = Open(temporary);
        var made = Libc.StatOf(file);
        try
        {
            RandomAccess.Write(file, content, fileOffset: 0);
            Finish(file, mode, null, null);
            Placement.Place(directory, temporary, name, made);
        }
        catch
        {
            TryUnlink(temporary, made);
            throw;
        }

        directory.Sync();
    }

    /// <summary>Sets owner, group and mode, in that order: a change of owner takes set-user-id bits away (chown(2)).</summary>
    public static void SetOwnerAndMode(SafeFileHandle file, int mode, uint? user, uint? group)
    {
        var stat = Libc.StatOf(file);
        if (stat.User != (user ?? stat.User) || stat.Group != (group ?? stat.Group))
            Libc.ChangeOwner(file, user ?? stat.User, group ?? stat.Group);
        Libc.ChangeMode(file, mode);
        if (Libc.StatOf(file).Mode != mode)
            throw new IOException($"could not set the mode {Convert.ToString(mode, 8)}: the kernel left bits out, which happens when the agent is not root and not in the file's group");
    }

    private string NewName() => prefix + Guid.NewGuid().ToString("N")[..12];

    private SafeFileHandle Open(string temporary)
    {
        var file = Libc.OpenAt(directory.Handle, temporary, Libc.ReadWrite | Libc.Create | Libc.Exclusive | Libc.NoFollow, Private);
        // Held while this process lives: what is not locked is a leftover.
        Libc.TryLock(file, forWriting: true);
        return file;
    }

    private void Finish(SafeFileHandle file, int mode, uint? user, uint? group)
    {
        // A user could give himself rights to every new file of his directory, and the mode would let him have them.
        if (!directory.IsTrusted)
            Libc.RemoveAccessList(file);
        SetOwnerAndMode(file, mode, user, group);
        if (Modified is { } modified)
            Libc.SetModified(file, modified);
        Libc.Sync(file);
    }

    // The file system has the content already, so what may still fail here fails rarely. Not cancellable: half of a file helps nobody.
    private void WriteInPlace(SafeFileHandle source, int mode, uint? user, uint? group)
    {
        using var target = Libc.OpenAt(directory.Handle, name, Libc.WriteOnly | Libc.NoFollow | Libc.NonBlocking);
        var stat = Libc.StatOf(target);
        if (stat.Kind != FileKind.Regular || !Placement.Allows(stat))
            throw new FileExchangedException(name);
        var buffer = new byte[128 * 1024];
        long at = 0;
        while (RandomAccess.Read(source, buffer, at) is > 0 and var count)
        {
            RandomAccess.Write(target, buffer.AsSpan(0, count), at);
            at += count;
        }

        RandomAccess.SetLength(target, at);
        SetOwnerAndMode(target, mode, user, group);
        Libc.Sync(target);
    }

    private void RemoveLeftovers()
    {
        foreach (var leftover in directory.Names(prefix))
            try
            {
                using var file = directory.OpenToRead(leftover);
                if (Libc.StatOf(file).Kind == FileKind.Regular && Libc.TryLock(file, forWriting: false))
                    Libc.Unlink(directory.Handle, leftover);
            }
            catch (HostFileException)
            {
                // Somebody else was faster, or it is not ours to remove.
            }
    }

    private void TryUnlink(string temporary, FileStat made)
    {
        try
        {
            if (directory.Stat(temporary) is { } there && there.IsSameInode(made))
                Libc.Unlink(directory.Handle, temporary);
        }
        catch (HostFileException)
        {
            // It was renamed already, or the disk is gone; the error that led here says more.
        }
    }
}
