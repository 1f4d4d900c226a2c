using System.Security.Cryptography;

namespace Osapi.Transport.Trust;

/// <summary>The sealed form of content, made while it is read.</summary>
internal sealed class SealingStream(Stream content, byte[] header, AesGcm key) : ReadOnlyStream
{
    private readonly byte[] read = BufferPool.Instance.Rent(2 * ObjectSeal.ChunkSize);
    private readonly byte[] sealedChunk = BufferPool.Instance.Rent(ObjectSeal.SealedChunkSize);
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long number = -1;
    private int held;
    private bool isOver;

    /// <summary>The number of bytes that were sealed.</summary>
    public long Size { get; private set; }

    /// <summary>The SHA-256 of what was sealed, lower-case hexadecimal.</summary>
    public string Sha256 => Convert.ToHexStringLower(hash.GetCurrentHash());

    protected override async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        if (number < 0)
        {
            number = 0;
            return header;
        }

        if (isOver)
            return null;
        // What is read beyond a chunk shows that it is not the last.
        while (held <= ObjectSeal.ChunkSize && !isOver)
        {
            var count = await content.ReadAsync(read.AsMemory(held, 2 * ObjectSeal.ChunkSize - held), cancellationToken);
            hash.AppendData(read, held, count);
            (held, isOver) = (held + count, count == 0);
        }

        var size = Math.Min(held, ObjectSeal.ChunkSize);
        ObjectSeal.Seal(key, number++, isOver, read.AsSpan(0, size), sealedChunk);
        Size += size;
        held -= size;
        read.AsSpan(size, held).CopyTo(read);
        return sealedChunk.AsMemory(0, size + ObjectSeal.SealedChunkSize - ObjectSeal.ChunkSize);
    }

    protected override void Release()
    {
        key.Dispose();
        hash.Dispose();
        BufferPool.Instance.Return(read, clearArray: true);
        BufferPool.Instance.Return(sealedChunk);
    }
}
