using System.Security.Cryptography;
using System.Text;
using Osapi.Operations.Jobs;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Jobs.Outputs;

namespace Osapi.Controller.Jobs.Outputs;

/// <summary>The position of a reader in an output stream, with the digest of everything that it has read.</summary>
internal sealed class OutputPosition : IDisposable
{
    private readonly byte[] buffer = BufferPool.Instance.Rent(OutputChunks.Size);
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    // What was read of an output that may turn out to be small, whose reply is its text.
    private readonly MemoryStream early = new();
    private long bytes;

    /// <summary>The number of bytes that were read.</summary>
    public long Bytes => bytes;

    /// <summary>Reads the next chunk; empty when it is not in the store.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(OutputChunks chunks, OutputStream stream, CancellationToken cancellationToken)
    {
        var number = checked((int)((bytes / OutputChunks.Size) + 1));
        var known = (int)(bytes % OutputChunks.Size);
        // After the last chunk, which is shorter, there is none.
        if (await chunks.ReadAsync(stream, number, buffer, cancellationToken) is not { } length || length <= known)
            return default;
        Add(buffer.AsSpan(known, length - known));
        return buffer.AsMemory(known, length - known);
    }

    /// <summary>Adds bytes that the host sent itself.</summary>
    public void Add(ReadOnlySpan<byte> part)
    {
        hash.AppendData(part);
        bytes += part.Length;
        if (bytes <= JobEntries.MaxInlineSize)
            early.Write(part);
    }

    /// <summary>Gets what is left of an output whose reply is its text.</summary>
    /// <exception cref="DamagedObjectException">What was read before is no part of it.</exception>
    public ReadOnlyMemory<byte> RestOf(string text)
    {
        var known = early.ToArray();
        var all = Encoding.UTF8.GetBytes(text);
        if (known.Length == bytes && all.AsSpan().StartsWith(known))
            return all.AsMemory(known.Length);
        // In the text, bytes that are no UTF-8 are replaced.
        var decoder = Encoding.UTF8.GetDecoder();
        var characters = new char[Encoding.UTF8.GetMaxCharCount(known.Length)];
        var count = decoder.GetChars(known, characters, flush: false);
        return known.Length == bytes && text.AsSpan().StartsWith(characters.AsSpan(0, count))
            ? Encoding.UTF8.GetBytes(text[count..])
            : throw new DamagedObjectException("The output that the host sent while the command ran is not that of its reply.");
    }

    /// <summary>Checks that everything that was read is everything that the host wrote.</summary>
    /// <exception cref="DamagedObjectException">It is not.</exception>
    public void Verify(StoredStream stored)
    {
        if (bytes != stored.Bytes || Convert.ToHexStringLower(hash.GetHashAndReset()) != stored.Sha256)
            throw new DamagedObjectException("The output is not what its host wrote, or some of it was removed.");
    }

    public void Dispose()
    {
        hash.Dispose();
        early.Dispose();
        BufferPool.Instance.Return(buffer);
    }
}
