using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Json;
using Osapi.Transport;

namespace Osapi.Controller.Files;

/// <summary>The files that users stored.</summary>
internal sealed class FileStore(ITransport transport)
{
    // Two uploads of one name are compared and stored one after the other; a few gates for all names.
    private readonly SemaphoreSlim[] gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    public async Task<FileList> ListAsync(CancellationToken cancellationToken)
    {
        var files = await transport.Files.ListAsync(cancellationToken);
        return new([.. files.Select(Stored)], files.Count);
    }

    public async Task<StoredFile> GetAsync(ObjectName name, CancellationToken cancellationToken) =>
        Stored(await transport.Files.FindAsync(name.Value, cancellationToken) ?? throw NotFound(name));

    public async Task<DeleteResult> DeleteAsync(ObjectName name, CancellationToken cancellationToken) =>
        await transport.Files.DeleteAsync(name.Value, cancellationToken) ? new(name.Value, Deleted: true) : throw NotFound(name);

    /// <summary>What is known of a file, and its content. The caller disposes it.</summary>
    public async Task<(ObjectInfo Info, Stream Content)> OpenAsync(ObjectName name, CancellationToken cancellationToken)
    {
        var info = await transport.Files.FindAsync(name.Value, cancellationToken) ?? throw NotFound(name);
        return (info, await transport.Files.OpenAsync(name.Value, cancellationToken) ?? throw NotFound(name));
    }

    /// <summary>Stores received content, unless it is there just so; replaces what differs only with force.</summary>
    /// <exception cref="OperationException">A file of this name differs.</exception>
    public async Task<UploadResult> StoreAsync(ObjectName name, FileContentType type, bool force, ReceivedContent content, CancellationToken cancellationToken)
    {
        var gate = gates[(uint)name.Value.GetHashCode(StringComparison.Ordinal) % gates.Length];
        await gate.WaitAsync(cancellationToken);
        try
        {
            var known = await transport.Files.FindAsync(name.Value, cancellationToken);
            if (known is not null && known.Sha256 == content.Sha256 && TypeOf(known) == type)
                return new(name.Value, known.Sha256, known.Size, Changed: false, type);
            if (known is not null && !force)
                throw new OperationException(ErrorType.Conflict, known.Sha256 == content.Sha256
                    ? $"file {name} already exists with the content type {WireName.Of(TypeOf(known))}; use force to overwrite"
                    : $"file {name} already exists with different content; use force to overwrite");
            await using var stream = content.Open();
            var stored = await transport.Files.PutAsync(name.Value, stream, WireName.Of(type), cancellationToken);
            return new(name.Value, stored.Sha256, stored.Size, Changed: true, type);
        }
        finally
        {
            gate.Release();
        }
    }

    private static OperationException NotFound(ObjectName name) => new(ErrorType.NotFound, $"file not found: {name}");

    private static StoredFile Stored(ObjectInfo info) => new(info.Name, info.Sha256, info.Size, TypeOf(info));

    private static FileContentType TypeOf(ObjectInfo info) => WireName.Parse<FileContentType>(info.Metadata) ?? FileContentType.Raw;
}
