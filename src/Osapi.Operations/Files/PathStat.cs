namespace Osapi.Operations.Files;

/// <summary>The metadata of one path.</summary>
public sealed record PathStat
{
    /// <summary>The path, as requested.</summary>
    public required string Path { get; init; }

    /// <summary>True when something is there.</summary>
    public bool Exists { get; init; }

    /// <summary>The type: <c>file</c>, <c>directory</c>, <c>link</c>, <c>socket</c>, <c>fifo</c>, <c>block</c> or <c>char</c>; null when nothing is there.</summary>
    public string? Type { get; init; }

    /// <summary>The size in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>The permissions, octal.</summary>
    public string? Mode { get; init; }

    /// <summary>The owner: the name, or the number when it has none.</summary>
    public string? Owner { get; init; }

    /// <summary>The group: the name, or the number when it has none.</summary>
    public string? Group { get; init; }

    /// <summary>The number of the owner.</summary>
    public long? Uid { get; init; }

    /// <summary>The number of the group.</summary>
    public long? Gid { get; init; }

    /// <summary>The number of hard links.</summary>
    public long? Links { get; init; }

    /// <summary>The inode.</summary>
    public ulong? Inode { get; init; }

    /// <summary>The destination of a symbolic link; null for anything else.</summary>
    public string? Destination { get; init; }

    /// <summary>The time of the last change of the content.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>The time of the last change of the content or the metadata.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>The SHA-256 of a regular file, when it was requested; null otherwise.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The reason for which the path could not be looked at; null when it could.</summary>
    public string? Problem { get; init; }
}
