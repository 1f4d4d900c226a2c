using Osapi.Transport.Jobs;

namespace Osapi.Transport;

/// <summary>A durable bucket of values of any size. An object becomes visible when it is complete.</summary>
public interface IObjects
{
    /// <summary>Stores an object, replacing one of the same name.</summary>
    /// <param name="name">Any text.</param>
    /// <param name="content">Read to its end, and left open.</param>
    /// <param name="metadata">A small text stored with the object; null for none.</param>
    /// <param name="cancellationToken">Abandons the call and leaves nothing behind.</param>
    Task<ObjectInfo> PutAsync(string name, Stream content, string? metadata, CancellationToken cancellationToken);

    /// <summary>Stores an object whose metadata depends on its content. Implementations that only read, or pass on, need not have it.</summary>
    /// <param name="name">Any text.</param>
    /// <param name="content">Read to its end, and left open.</param>
    /// <param name="metadata">Gets the metadata; called once, after the end of the content.</param>
    /// <param name="cancellationToken">Abandons the call and leaves nothing behind.</param>
    Task<ObjectInfo> PutDescribedAsync(string name, Stream content, Func<string?> metadata, CancellationToken cancellationToken) => throw new NotSupportedException("This bucket takes metadata before the content only.");

    /// <summary>Replaces the metadata of an object, and leaves its content. Implementations that only read, or pass on, need not have it.</summary>
    /// <param name="name">The object.</param>
    /// <param name="expected">The metadata that it must still have.</param>
    /// <param name="metadata">The metadata that it gets.</param>
    /// <param name="cancellationToken">Abandons the call; the metadata may still be replaced.</param>
    /// <returns>False when there is no such object, or it was stored anew meanwhile.</returns>
    Task<bool> RedescribeAsync(string name, string expected, string metadata, CancellationToken cancellationToken) => throw new NotSupportedException("This bucket keeps the metadata of an object.");

    /// <summary>Finds what a command tells a host about an object; null when there is no such object.</summary>
    async Task<FileReference?> FindReferenceAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken) is { } info ? new() { Name = name, Size = info.Size, Sha256 = info.Sha256 } : null;

    /// <summary>Finds an object's description; null when there is no such object.</summary>
    Task<ObjectInfo?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Opens the object's content; null when there is no such object. The caller disposes it.</summary>
    Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken);

    /// <summary>Removes an object.</summary>
    /// <returns>False when there was no such object.</returns>
    Task<bool> DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Gets every object, ordered by name.</summary>
    Task<IReadOnlyList<ObjectInfo>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>The description of an object.</summary>
/// <param name="Name">The object's name.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="Sha256">The SHA-256 of the content, lower-case hexadecimal.</param>
/// <param name="Modified">The time at which it was stored, by the store's clock.</param>
/// <param name="Metadata">The text stored with it; null for none.</param>
public sealed record ObjectInfo(string Name, long Size, string Sha256, DateTimeOffset Modified, string? Metadata)
{
    /// <summary>True when the store has the content sealed, false when it has it as it is; null in a bucket without seals.</summary>
    public bool? IsSealed { get; init; }
}
