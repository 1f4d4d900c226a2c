using System.Security.Cryptography;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Transport.Jobs.Outputs;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Jobs;

/// <summary>Stores and reads requests that are too large for a message, as objects.</summary>
/// <remarks>
/// Each is sealed with a key of its own. Its reference, with key, size and digest, is in the record and the commands of the job, which are
/// authenticated. So a party that can read or replace the object can neither open it nor change what a host runs.
/// </remarks>
public static class RequestObjects
{
    /// <summary>The maximum size of a request in a message, in bytes; a larger one becomes an object.</summary>
    public const int MaxInlineSize = 256 * 1024;

    /// <summary>The maximum size of a request in an object, in bytes: 1 GiB, as for a controller's setting.</summary>
    public const int MaxSize = 1 << 30;

    /// <summary>
    /// The request in messages whose request is an object. No operation has its member, so an agent that does not know the reference beside it
    /// refuses the job with this text.
    /// </summary>
    public static ReadOnlyMemory<byte> Placeholder { get; } = """{"this request is an object in the store, and needs a newer agent":true}"""u8.ToArray();

    /// <summary>Seals and stores a request of a job, under a name that no other call uses.</summary>
    /// <exception cref="TransportException">The store does not answer.</exception>
    public static async Task<FileReference> PutAsync(ITransport transport, JobId jobId, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        var name = $"{jobId}/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        var key = RandomNumberGenerator.GetBytes(FileReference.KeySize);
        await using MemoryChunk content = new(request);
        await using var sealing = FileSeal.Seal(name, content, key);
        await transport.Requests.PutAsync(name, sealing, metadata: null, cancellationToken);
        return new() { Name = name, Size = sealing.Size, Sha256 = sealing.Sha256, Key = key };
    }

    /// <summary>Reads and verifies a request; null when there is no such object.</summary>
    /// <exception cref="DamagedObjectException">It is not the request that was stored.</exception>
    /// <exception cref="TransportException">The store does not answer.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(ITransport transport, FileReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(reference);
        if (reference.Key is not { } key || await transport.Requests.OpenAsync(reference.Name, cancellationToken) is not { } stored)
            return null;
        await using (stored)
        {
            await using var content = await FileSeal.OpenAsync(reference.Name, stored, key, damaged: null, cancellationToken) ?? throw Damaged(reference);
            if (content.Length != reference.Size)
                throw Damaged(reference);
            var request = await ReadAsync(content, reference, cancellationToken);
            return Convert.ToHexStringLower(SHA256.HashData(request)) == reference.Sha256 ? request : throw Damaged(reference);
        }
    }

    /// <summary>Determines whether a request has the size and the digest of a stored one.</summary>
    public static bool AreSame(FileReference reference, ReadOnlyMemory<byte> request)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return request.Length == reference.Size && Convert.ToHexStringLower(SHA256.HashData(request.Span)) == reference.Sha256;
    }

    /// <summary>Serializes a reference, for the message that keeps the whole request of a job.</summary>
    public static byte[] Bytes(FileReference reference) => JsonSerializer.SerializeToUtf8Bytes(reference, JobJson.Default.FileReference);

    /// <summary>Parses what <see cref="Bytes"/> has written; null for anything else.</summary>
    public static FileReference? TryParse(ReadOnlyMemory<byte> bytes) => FileReference.TryParse(bytes) is { } reference && IsValid(reference) ? reference : null;

    /// <summary>Gets the job of an object from its name; null for any other object.</summary>
    public static JobId? JobOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Split('/') is [var job, _] && JobId.TryParseCanonical(job, out var id) ? id : null;
    }

    internal static bool IsValid(FileReference reference) => reference is { IsValid: true, Key: not null, Size: <= MaxSize };

    private static async Task<byte[]> ReadAsync(Stream content, FileReference reference, CancellationToken cancellationToken)
    {
        try
        {
            return await JobEntries.ReadAsync(content, (int)reference.Size, cancellationToken);
        }
        catch (EndOfStreamException)
        {
            throw Damaged(reference);
        }
    }

    private static DamagedObjectException Damaged(FileReference reference) => new($"the object '{reference.Name}' is not the request that was stored");
}
