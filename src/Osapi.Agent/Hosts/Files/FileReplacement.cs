using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts.Files;

/// <summary>
/// Replaces the content of a file atomically: a reader sees the old or the new content, even after a crash. The content
/// is written to a temporary file in the same directory, flushed, and renamed over the old file (rename(2)).
/// </summary>
/// <remarks>
/// Owner and mode are set on the descriptor of the new file, so they never apply to another file, whatever users do to
/// the names meanwhile.
/// </remarks>
internal sealed class FileReplacement(HostDirectory directory, string name)
{
    private const int Private = 0x180; // 0600

    // Lets a later replacement of the same file recognize the leftovers of an earlier one.
    private readonly string prefix = $".osapi-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..12]}-";

    /// <summary>The condition on the file being replaced; none by default.</summary>
    public RenamePolicy Placement { get; init; } = RenamePolicy.Overwrite;

    /// <summary>
    /// The modification time of the content, in nanoseconds since 1970, for content that is only copied; null for the time of the write.
    /// </summary>
    public long? Modified { get; init; }

    /// <summary>
    /// The open file whose extended attributes the new file gets, such as its access control list; null for those of a new file.
    /// </summary>
    public SafeFileHandle? AttributesOf { get; init; }

    /// <summary>True for one of many files: the caller flushes all of them at the end, and leftovers of earlier replacements stay.</summary>
    public bool IsOneOfMany { get; init; }

    /// <summary>
    /// Validates the finished file before it replaces the old one: an exception keeps the old one. Programs of the host can open the path that it
    /// gets while it runs. It leads through the open directory, so that only who may change names in there can exchange the file.
    /// </summary>
    public Func<string, CancellationToken, Task>? ValidateAsync { get; init; }

    /// <summary>Writes the new content and replaces the file.</summary>
    /// <param name="writeAsync">Writes the content.</param>
    /// <param name="mode">The permission bits of the new file.</param>
    /// <param name="user">The owner; null for the agent's user.</param>
    /// <param name="group">The group; null for the kernel's default.</param>
    /// <param name="cancellationToken">Cancels before the file is replaced.</param>
    /// <returns>True when the file could only be written in place, because it is a mount point.</returns>
    /// <exception cref="FileExchangedException">The file being replaced does not meet the condition.</exception>
    public async Task<bool> RunAsync(Func<Stream, CancellationToken, Task> writeAsync, int mode, uint? user, uint? group, CancellationToken cancellationToken)
    {
        if (!IsOneOfMany)
            RemoveLeftovers();
        var temporary = NewName();
        var file = Open(temporary);
        var written = FileStatCalls.StatOf(file);
        try
        {
            await using (FileStream stream = new(file, FileAccess.Write, bufferSize: 0))
            {
                await writeAsync(stream, cancellationToken);
                Finish(file, mode, user, group);
                if (ValidateAsync is not null)
                    await ValidateAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{directory.Handle.DangerousGetHandle()}/{temporary}"), cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    Placement.Place(directory, temporary, name, written);
                }
                catch (HostFileException busy) when (busy.Error == ErrorNumber.Busy)
                {
                    WriteInPlace(file, mode, user, group);
                    TryUnlink(temporary, written);
                    return true;
                }
            }
        }
        catch
        {
            TryUnlink(temporary, written);
            throw;
        }

        if (!IsOneOfMany)
            directory.Sync();
        return false;
    }

    /// <summary>Writes a small file of the agent.</summary>
    public void Run(byte[] content, int mode)
    {
        RemoveLeftovers();
        var temporary = NewName();
        using var file = Open(temporary);
        var written = FileStatCalls.StatOf(file);
        try
        {
            RandomAccess.Write(file, content, fileOffset: 0);
            Finish(file, mode, null, null);
            Placement.Place(directory, temporary, name, written);
        }
        catch
        {
            TryUnlink(temporary, written);
            throw;
        }

        directory.Sync();
    }

    /// <summary>Sets owner, group and mode, in that order: a change of owner clears set-user-id bits (chown(2)).</summary>
    public static void SetOwnerAndMode(SafeFileHandle file, int mode, uint? user, uint? group)
    {
        var stat = FileStatCalls.StatOf(file);
        if (stat.User != (user ?? stat.User) || stat.Group != (group ?? stat.Group))
            OpenFileCalls.ChangeOwner(file, user ?? stat.User, group ?? stat.Group);
        OpenFileCalls.ChangeMode(file, mode);
        if (FileStatCalls.StatOf(file).Mode != mode)
            throw new IOException($"could not set the mode {Convert.ToString(mode, 8)}: the kernel left bits out, which happens when the agent is not root and not in the file's group");
    }

    private string NewName() => prefix + Guid.NewGuid().ToString("N")[..12];

    private SafeFileHandle Open(string temporary)
    {
        var file = DirectoryCalls.OpenAt(directory.Handle, temporary, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, Private);
        // Locked while this process lives: an unlocked file is a leftover.
        OpenFileCalls.TryLock(file, forWriting: true);
        return file;
    }

    private void Finish(SafeFileHandle file, int mode, uint? user, uint? group)
    {
        // A user could use a default access control list to get rights to every new file in the directory, which the
        // mode would then enable.
        if (!directory.IsTrusted || AttributesOf is not null)
            OpenFileCalls.RemoveAccessList(file);
        SetOwnerAndMode(file, mode, user, group);
        if (AttributesOf is { } source)
            ExtendedAttributes.Copy(source, file);
        if (Modified is { } modified)
            OpenFileCalls.SetModified(file, modified);
        if (!IsOneOfMany)
            OpenFileCalls.Sync(file);
    }

    // The file system already holds the content once, so a failure here is unlikely. Not cancellable: a half-written
    // file is of no use.
    private void WriteInPlace(SafeFileHandle source, int mode, uint? user, uint? group)
    {
        using var target = DirectoryCalls.OpenAt(directory.Handle, name, OpenFlags.WriteOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        var stat = FileStatCalls.StatOf(target);
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
        OpenFileCalls.Sync(target);
    }

    private void RemoveLeftovers()
    {
        foreach (var leftover in directory.Names(prefix))
            try
            {
                using var file = directory.OpenToRead(leftover);
                if (FileStatCalls.StatOf(file).Kind == FileKind.Regular && OpenFileCalls.TryLock(file, forWriting: false))
                    DirectoryCalls.Unlink(directory.Handle, leftover);
            }
            catch (HostFileException)
            {
                // Another process was faster, or the file is not ours to remove.
            }
    }

    private void TryUnlink(string temporary, FileStat written)
    {
        try
        {
            if (directory.Stat(temporary) is { } there && there.IsSameInode(written))
                DirectoryCalls.Unlink(directory.Handle, temporary);
        }
        catch (HostFileException)
        {
            // It was renamed already, or the disk is gone; the original error is more useful.
        }
    }
}
