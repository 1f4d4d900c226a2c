namespace Osapi.Operations.Files;

/// <summary>The result of a download.</summary>
public sealed record DownloadResult
{
    /// <summary>The path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>True when the file was created or changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The SHA-256 of the file.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The size in bytes.</summary>
    public long Size { get; init; }

    /// <summary>The status of the server's last answer, 200 or 304; null when the file was as requested and no server was asked for it.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The server's name for this version of the file (ETag), with which it is asked next time; null when it gave none.</summary>
    public string? Etag { get; init; }

    /// <summary>The differences that were found: <c>missing</c>, <c>content</c>, <c>mode</c>, <c>owner</c>, <c>group</c>; null when there were none.</summary>
    public IReadOnlyList<string>? Differences { get; init; }
}
