namespace Osapi.Operations.Files;

/// <summary>A file in the object store.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sha256">The SHA-256 of its content, lower-case hexadecimal.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="ContentType">What becomes of it when it is deployed.</param>
public sealed record StoredFile(string Name, string Sha256, long Size, FileContentType ContentType);

/// <summary>The files in the object store.</summary>
/// <param name="Files">All of them, by name.</param>
/// <param name="Total">How many they are.</param>
public sealed record FileList(IReadOnlyList<StoredFile> Files, int Total);

/// <summary>What became of an upload.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Sha256">The SHA-256 of its content, lower-case hexadecimal.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Changed">False when it was there already, just so.</param>
/// <param name="ContentType">What becomes of it when it is deployed.</param>
public sealed record UploadResult(string Name, string Sha256, long Size, bool Changed, FileContentType ContentType);

/// <summary>What became of a deletion.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Deleted">True: it is gone.</param>
public sealed record DeleteResult(string Name, bool Deleted);
