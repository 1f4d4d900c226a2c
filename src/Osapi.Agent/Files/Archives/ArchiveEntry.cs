namespace Osapi.Agent.Files.Archives;

/// <summary>An entry of an archive, as the archive describes it.</summary>
/// <param name="Name">The name, which may be hostile.</param>
/// <param name="Kind">The kind.</param>
internal sealed record ArchiveEntry(string Name, ArchiveEntryKind Kind)
{
    /// <summary>The size of a file in bytes.</summary>
    public long Size { get; init; }

    /// <summary>The permission bits; null when the archive has none.</summary>
    public int? Mode { get; init; }

    /// <summary>The time of the last change of the content.</summary>
    public DateTimeOffset Modified { get; init; }

    /// <summary>The text of a symbolic link, or the name of the entry that a hard link is another name of; null for others.</summary>
    public string? Target { get; init; }
}

/// <summary>The kind of an entry that is extracted.</summary>
internal enum ArchiveEntryKind
{
    File,
    Directory,
    Link,
    HardLink,
}
