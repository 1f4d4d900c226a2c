using System.Formats.Tar;
using Osapi.Operations;

namespace Osapi.Agent.Files.Archives;

/// <summary>Reads the entries of a tar archive in their order.</summary>
internal static class TarArchive
{
    // Of one entry: names and attributes in extended headers.
    private const long MaxHeaders = 1024 * 1024;

    // Two blocks of zeros end an archive (tar(5)); writers that leave out one are known.
    private const long EndMarker = 512;

    public static async Task ReadAsync(Stream archive, Func<ArchiveEntry, EntryContent, Task> visitAsync, CancellationToken cancellationToken)
    {
        await using GuardedStream guarded = new(archive, canSeek: false);
        await using TarReader reader = new(guarded, leaveOpen: true);
        guarded.Allow(MaxHeaders);
        while (await ArchiveErrors.NamedAsync(() => reader.GetNextEntryAsync(copyData: false, cancellationToken).AsTask()) is { } entry)
        {
            guarded.Allow(entry.Length + MaxHeaders);
            if (entry.EntryType is not TarEntryType.GlobalExtendedAttributes)
                await visitAsync(Convert(entry), new(entry.DataStream, entry.Length, checksum: null));
        }

        // One that was cut between two entries looks complete otherwise; and the checksum of gzip comes after the padding.
        if (guarded.Zeros < EndMarker)
            throw ArchiveErrors.Damaged("its end is missing");
        guarded.Allow(MaxHeaders);
        var padding = new byte[8192];
        while (await ArchiveErrors.NamedAsync(() => guarded.ReadAsync(padding, cancellationToken).AsTask()) > 0)
        {
        }
    }

    private static ArchiveEntry Convert(TarEntry entry) => new(entry.Name, KindOf(entry))
    {
        Size = entry.Length,
        Mode = (int)entry.Mode,
        Modified = entry.ModificationTime,
        Target = entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink ? entry.LinkName : null,
    };

    private static ArchiveEntryKind KindOf(TarEntry entry) => entry.EntryType switch
    {
        // The oldest format has no type for directories.
        TarEntryType.V7RegularFile or TarEntryType.RegularFile when entry.Name.EndsWith('/') => ArchiveEntryKind.Directory,
        TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile => ArchiveEntryKind.File,
        TarEntryType.Directory => ArchiveEntryKind.Directory,
        TarEntryType.SymbolicLink => ArchiveEntryKind.Link,
        TarEntryType.HardLink => ArchiveEntryKind.HardLink,
        TarEntryType.BlockDevice or TarEntryType.CharacterDevice => throw Refused(entry, "a device"),
        TarEntryType.Fifo => throw Refused(entry, "a named pipe"),
        _ => throw Refused(entry, $"an entry of the type {entry.EntryType}"),
    };

    private static OperationException Refused(TarEntry entry, string kind) => new(ErrorType.Conflict, $"the archive is not extracted: '{ControlCharacters.Escape(entry.Name)}' in it is {kind}");
}
