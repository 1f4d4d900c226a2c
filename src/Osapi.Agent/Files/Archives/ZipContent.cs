using System.IO.Compression;
using System.Text;
using Osapi.Operations;

namespace Osapi.Agent.Files.Archives;

/// <summary>Reads the entries of a zip archive in the order of its directory.</summary>
internal static class ZipContent
{
    // The directory of a zip is read into memory: this is more than 200,000 entries have.
    private const long MaxDirectory = 32 * 1024 * 1024;

    private const int MaxTarget = 4095;

    private const int KindMask = 0xF000, RegularKind = 0x8000, DirectoryKind = 0x4000, LinkKind = 0xA000;

    public static async Task ReadAsync(Stream archive, Func<ArchiveEntry, EntryContent, Task> visitAsync, CancellationToken cancellationToken)
    {
        GuardedStream guarded = new(archive, canSeek: true);
        guarded.Allow(MaxDirectory);
        using var zip = await ArchiveErrors.NamedAsync(() => Task.FromResult(new ZipArchive(guarded, ZipArchiveMode.Read, leaveOpen: true)));
        var entries = await ArchiveErrors.NamedAsync(() => Task.FromResult(zip.Entries));
        // From here on, what is read is bounded by the sizes that the directory says.
        guarded.Allow(long.MaxValue);
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var kind = KindOf(entry);
            await using var stream = kind == ArchiveEntryKind.Directory ? null : await ArchiveErrors.NamedAsync(() => Task.FromResult(entry.Open()));
            EntryContent content = new(stream, kind == ArchiveEntryKind.Directory ? 0 : entry.Length, kind == ArchiveEntryKind.Directory ? null : entry.Crc32);
            await visitAsync(
                new(entry.FullName, kind)
                {
                    Size = kind == ArchiveEntryKind.File ? entry.Length : 0,
                    // What was made elsewhere than on Unix has no mode.
                    Mode = UnixMode(entry) != 0 ? UnixMode(entry) & 0xFFF : null,
                    Modified = entry.LastWriteTime,
                    Target = kind == ArchiveEntryKind.Link ? await TargetAsync(entry, content, cancellationToken) : null,
                },
                content);
        }
    }

    private static ArchiveEntryKind KindOf(ZipArchiveEntry entry)
    {
        if (entry.IsEncrypted)
            throw new OperationException(ErrorType.Conflict, $"the archive is not extracted: '{ControlCharacters.Escape(entry.FullName)}' in it is encrypted");
        return (UnixMode(entry) & KindMask) switch
        {
            LinkKind => ArchiveEntryKind.Link,
            DirectoryKind => ArchiveEntryKind.Directory,
            0 or RegularKind => entry.FullName.EndsWith('/') ? ArchiveEntryKind.Directory : ArchiveEntryKind.File,
            _ => throw new OperationException(ErrorType.Conflict, $"the archive is not extracted: '{ControlCharacters.Escape(entry.FullName)}' in it is no file, directory or link"),
        };
    }

    private static int UnixMode(ZipArchiveEntry entry) => (entry.ExternalAttributes >> 16) & 0xFFFF;

    private static async Task<string> TargetAsync(ZipArchiveEntry entry, EntryContent content, CancellationToken cancellationToken)
    {
        if (entry.Length > MaxTarget)
            throw ArchiveErrors.Damaged("a symbolic link is too long");
        using MemoryStream target = new();
        await content.CopyToAsync(target, cancellationToken);
        return Encoding.UTF8.GetString(target.ToArray());
    }
}
