namespace Osapi.Transport;

/// <summary>A durable bucket of values of any size. An object is visible once it is whole.</summary>
public interface IObjects
{
    /// <summary>Stores an object, replacing one of the same name.</summary>
    /// <param name="name">Any text.</param>
    /// <param name="content">Read to its end, and left open.</param>
    /// <param name="metadata">Small text kept beside it; null for none.</param>
    /// <param name="cancellationToken">Gives up and leaves nothing behind.</param>
    Task<ObjectInfo> PutAsync(string name, Stream content, string? metadata, CancellationToken cancellationToken);

    /// <summary>What is known of an object; null when there is none.</summary>
    Task<ObjectInfo?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>The object's content; null when there is none. The caller disposes it.</summary>
    Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken);

    /// <summary>Removes an object.</summary>
    /// <returns>False when there was none.</returns>
    Task<bool> DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Every object, by name.</summary>
    Task<IReadOnlyList<ObjectInfo>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>An object without its content.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Sha256">The SHA-256 of its content, lower-case hexadecimal.</param>
/// <param name="Modified">When it was stored, by the store's clock.</param>
/// <param name="Metadata">The text kept beside it; null for none.</param>
public sealed record ObjectInfo(string Name, long Size, string Sha256, DateTimeOffset Modified, string? Metadata);
