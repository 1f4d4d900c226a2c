using System.Security.Cryptography;
using System.Text.Json;
using Osapi.Transport.Jobs;

namespace Osapi.Transport.Trust;

/// <summary>The stored files as controllers use them: the content sealed with a key of its own, and the key, with size, digest and metadata, sealed by the controllers.</summary>
/// <remarks>Hosts get the key of a file in the command that names it. What an earlier version stored is read as it is.</remarks>
/// <param name="carrier">The store.</param>
/// <param name="writer">The side that seals what is stored.</param>
/// <param name="reader">The side that opens it, also with the other keys while they are changed.</param>
/// <param name="skipped">Counts the descriptions that are not valid.</param>
internal sealed class TrustedFiles(IObjects carrier, ControllerParty writer, TrustParty reader, SkippedMessages skipped) : IObjects
{
    private const string Prefix = "sealed:";
    private const int MaxAttempts = 50;

    public async Task<ObjectInfo> PutAsync(string name, Stream content, string? metadata, CancellationToken cancellationToken)
    {
        if (!writer.IsSealedFor(HostKey.Any))
            return await carrier.PutAsync(name, content, metadata, cancellationToken) with { IsSealed = false };
        var key = RandomNumberGenerator.GetBytes(FileReference.KeySize);
        await using var sealing = FileSeal.Seal(name, content, key);
        var stored = await carrier.PutDescribedAsync(
            name, sealing, () => Text(new() { Name = name, Size = sealing.Size, Sha256 = sealing.Sha256, Key = key, Metadata = metadata }), cancellationToken);
        return new(name, sealing.Size, sealing.Sha256, stored.Modified, metadata) { IsSealed = true };
    }

    public async Task<ObjectInfo?> FindAsync(string name, CancellationToken cancellationToken) =>
        await carrier.FindAsync(name, cancellationToken) is { } stored && Reference(stored) is { } reference ? Info(stored, reference) : null;

    public async Task<FileReference?> FindReferenceAsync(string name, CancellationToken cancellationToken) =>
        await carrier.FindAsync(name, cancellationToken) is { } stored && Reference(stored) is { } reference ? reference with { Metadata = null } : null;

    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        // A file that is replaced between the reading of its description and its content is looked up again; one whose description has stayed the
        // same is damaged.
        FileReference? before = null;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await FindReferenceAsync(name, cancellationToken) is not { } reference || await carrier.OpenAsync(name, cancellationToken) is not { } stored)
                return null;
            if (reference.Key is not { } key)
                return stored;
            if (await TryOpenAsync(name, stored, key, cancellationToken) is { } content)
                return content;
            if (before?.Key?.AsSpan().SequenceEqual(key) == true)
                break;
            before = reference;
        }

        throw new DamagedObjectException($"the content of the stored file '{name}' is not what its description says");
    }

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => carrier.DeleteAsync(name, cancellationToken);

    public async Task<IReadOnlyList<ObjectInfo>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await carrier.ListAsync(cancellationToken)).Select(stored => Reference(stored) is { } reference ? Info(stored, reference) : null).OfType<ObjectInfo>()];

    /// <summary>Seals the descriptions again that the other keys have sealed. Their contents have keys of their own, and stay.</summary>
    public async Task<int> ResealAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var stored in await carrier.ListAsync(cancellationToken))
            if (stored.Metadata is { } sealedText && Open(stored, writer) is { Rejection: not null } && Reference(stored) is { Key: not null } reference
                && await carrier.RedescribeAsync(stored.Name, sealedText, Text(reference), cancellationToken))
                count++;
        return count;
    }

    private async Task<Stream?> TryOpenAsync(string name, Stream stored, byte[] key, CancellationToken cancellationToken)
    {
        Stream? content = null;
        try
        {
            return content = await FileSeal.OpenAsync(name, stored, key, reason => Skip(name, reason), cancellationToken);
        }
        finally
        {
            if (content is null)
                await stored.DisposeAsync();
        }
    }

    private static ObjectInfo Info(ObjectInfo stored, FileReference reference) => new(stored.Name, reference.Size, reference.Sha256, stored.Modified, reference.Metadata) { IsSealed = reference.Key is not null };

    private string Text(FileReference reference) =>
        Prefix + Convert.ToBase64String(writer.Seal(EnvelopePlace.Files, reference.Name, JsonSerializer.SerializeToUtf8Bytes(reference, JobJson.Default.FileReference)).Span);

    // Null for a description that is not sealed, or no text of bytes.
    private static OpenedPayload? Open(ObjectInfo stored, TrustParty party)
    {
        if (stored.Metadata?.StartsWith(Prefix, StringComparison.Ordinal) != true)
            return null;
        var envelope = new byte[stored.Metadata.Length];
        return Convert.TryFromBase64Chars(stored.Metadata.AsSpan(Prefix.Length), envelope, out var length)
            ? party.Open(EnvelopePlace.Files, stored.Name, envelope.AsMemory(0, length), time: null)
            : null;
    }

    // Null, and reported, for a file that no controller stored.
    private FileReference? Reference(ObjectInfo stored)
    {
        if (stored.Metadata?.StartsWith(Prefix, StringComparison.Ordinal) != true)
            return writer.AllowsUnsealedFile(stored.Modified)
                ? new() { Name = stored.Name, Size = stored.Size, Sha256 = stored.Sha256, Metadata = stored.Metadata }
                : Skip(stored.Name, "it is not sealed");
        if (Open(stored, reader) is not { } opened)
            return Skip(stored.Name, "its description is damaged");
        return opened.Rejection is { } reason ? Skip(stored.Name, reason)
            : opened.Signer.IsControllers && FileReference.TryParse(opened.Body) is { Key: not null } reference && reference.Name == stored.Name ? reference
            : Skip(stored.Name, "its description is damaged");
    }

    private FileReference? Skip(string name, string reason)
    {
        skipped.Add("files", "files", name, sequence: 0, reason);
        return null;
    }
}
