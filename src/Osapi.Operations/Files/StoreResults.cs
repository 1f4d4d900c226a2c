namespace Osapi.Operations.Files;

/// <summary>A file in the object store.</summary>
/// <param name="Name">The name of the file.</param>
/// <param name="Sha256">The SHA-256 of the content, lower-case hexadecimal.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="ContentType">The content type: <c>raw</c> or <c>template</c>.</param>
public sealed record StoredFile(string Name, string Sha256, long Size, FileContentType ContentType)
{
    /// <summary>True when the store has the content unsealed: an earlier version stored it, or hosts without a key must read it; otherwise null.</summary>
    public bool? Unsealed { get; init; }
}

/// <summary>The files in the object store.</summary>
/// <param name="Files">The files, ordered by name.</param>
/// <param name="Total">The number of files.</param>
public sealed record FileList(IReadOnlyList<StoredFile> Files, int Total);

/// <summary>The result of an upload.</summary>
/// <param name="Name">The name of the file.</param>
/// <param name="Sha256">The SHA-256 of the content, lower-case hexadecimal.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="Changed">False when the same file was already stored.</param>
/// <param name="ContentType">The content type: <c>raw</c> or <c>template</c>.</param>
public sealed record UploadResult(string Name, string Sha256, long Size, bool Changed, FileContentType ContentType);

/// <summary>The result of a deletion.</summary>
/// <param name="Name">The name of the file.</param>
/// <param name="Deleted">Always true.</param>
public sealed record DeleteResult(string Name, bool Deleted);
