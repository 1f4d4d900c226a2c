using Osapi.Transport.Trust;

namespace Osapi.Transport.Jobs;

/// <summary>The stored files that a command names, as its host reads them: opened with the keys in the command, and described by it alone.</summary>
/// <param name="store">The stored files.</param>
/// <param name="references">The references of the command.</param>
public sealed class ReferencedFiles(IObjects store, IReadOnlyList<FileReference> references) : IObjects
{
    private const string OnlyRead = "A host reads stored files and does not change them.";

    /// <inheritdoc/>
    public Task<ObjectInfo?> FindAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(Reference(name) is { } reference ? new ObjectInfo(name, reference.Size, reference.Sha256, default, Metadata: null) : null);

    /// <inheritdoc/>
    /// <exception cref="DamagedObjectException">The file was replaced since the command was written, or is damaged.</exception>
    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        if (Reference(name) is not { } reference || await store.OpenAsync(name, cancellationToken) is not { } stored)
            return null;
        if (reference.Key is not { } key)
            return stored;
        try
        {
            return await FileSeal.OpenAsync(name, stored, key, damaged: null, cancellationToken) ?? throw new DamagedObjectException($"the stored file '{name}' is another one than the command names");
        }
        catch
        {
            await stored.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<ObjectInfo> PutAsync(string name, Stream content, string? metadata, CancellationToken cancellationToken) => throw new NotSupportedException(OnlyRead);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException(OnlyRead);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ObjectInfo>> ListAsync(CancellationToken cancellationToken) => throw new NotSupportedException(OnlyRead);

    private FileReference? Reference(string name) => references.FirstOrDefault(reference => reference.Name == name);
}
