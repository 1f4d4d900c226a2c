using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts;

/// <summary>
/// Gives a file new content so that a reader sees the old or the new one, whole, whatever dies in between: it is written
/// to a temporary file in the same directory, flushed, and renamed over the old one (rename(2)).
/// </summary>
internal sealed class FileReplacement(HostDirectory directory, string name)
{
    private const int Private = 0x180; // 0600

    // So that a later replacement of the same file can tell what an earlier one left behind.
    private readonly string prefix = $".osapi-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..12]}-";

    /// <summary>Writes and replaces.</summary>
    /// <param name="writeAsync">Writes the content.</param>
    /// <param name="mode">The new file's permission bits.</param>
    /// <param name="user">Its owner; null for the agent's user.</param>
    /// <param name="group">Its group; null for the one that the kernel gives a new file.</param>
    /// <param name="cancellationToken">Gives up before the file is replaced.</param>
    /// <returns>True when the file could only be written in place, because something is mounted on it.</returns>
    public async Task<bool> RunAsync(Func<Stream, CancellationToken, Task> writeAsync, int mode, uint? user, uint? group, CancellationToken cancellationToken)
    {
        RemoveLeftovers();
        var temporary = NewName();
        var file = Open(temporary);
        try
        {
            await using (FileStream stream = new(file, FileAccess.Write, bufferSize: 0))
            {
                await writeAsync(stream, cancellationToken);
                SetOwnerAndMode(file, mode, user, group);
                Libc.Sync(file);
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    Libc.Rename(directory.Handle, temporary, name);
                }
                catch (HostIOException busy) when (busy.Error == Libc.Busy)
                {
                    await WriteInPlaceAsync(temporary, mode, user, group);
                    TryUnlink(temporary);
                    return true;
                }
            }
        }
        catch
        {
            TryUnlink(temporary);
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
        try
        {
            using (var file = Open(temporary))
            {
                RandomAccess.Write(file, content, fileOffset: 0);
                SetOwnerAndMode(file, mode, null, null);
                Libc.Sync(file);
            }

            Libc.Rename(directory.Handle, temporary, name);
        }
        catch
        {
            TryUnlink(temporary);
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
        var file = Libc.OpenAt(directory.Handle, temporary, Libc.WriteOnly | Libc.Create | Libc.Exclusive | Libc.NoFollow, Private);
        // Held while this process lives: what is not locked is a leftover.
        Libc.TryLock(file, forWriting: true);
        return file;
    }

    // The file system has the content already, so what may still fail here fails rarely.
    private async Task WriteInPlaceAsync(string temporary, int mode, uint? user, uint? group)
    {
        using var source = directory.OpenToRead(temporary);
        using var target = Libc.OpenAt(directory.Handle, name, Libc.WriteOnly | Libc.NoFollow | Libc.NonBlocking);
        if (Libc.StatOf(target).Kind != FileKind.Regular)
            throw new IOException("could not write in place: it is not a regular file any more");
        await using FileStream from = new(source, FileAccess.Read, bufferSize: 0);
        await using FileStream to = new(target, FileAccess.Write, bufferSize: 0);
        // Not cancellable: half of a file helps nobody.
        await from.CopyToAsync(to, CancellationToken.None);
        to.SetLength(to.Position);
        SetOwnerAndMode(target, mode, user, group);
        Libc.Sync(target);
    }

    private void RemoveLeftovers()
    {
        foreach (var leftover in directory.Names(prefix))
            try
            {
                using var file = directory.OpenToRead(leftover);
                if (Libc.TryLock(file, forWriting: false))
                    Libc.Unlink(directory.Handle, leftover);
            }
            catch (HostIOException)
            {
                // Somebody else was faster, or it is not ours to remove.
            }
    }

    private void TryUnlink(string temporary)
    {
        try
        {
            Libc.Unlink(directory.Handle, temporary);
        }
        catch (HostIOException)
        {
            // It was renamed already, or the disk is gone; the error that led here says more.
        }
    }
}
