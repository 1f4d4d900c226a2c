using System.Security.Cryptography;

namespace Osapi.Transport.Trust;

/// <summary>The content of a sealed object. Each chunk is checked before it is given out.</summary>
/// <param name="chunks">The chunks, after the header.</param>
/// <param name="size">Their size in bytes.</param>
/// <param name="keys">The keys that it can have been sealed with.</param>
/// <param name="name">Its name, for an error.</param>
/// <param name="damaged">Called with the reason when the content is not what its writer sealed.</param>
internal sealed class OpeningStream(Stream chunks, long size, IReadOnlyList<AesGcm> keys, string name, Action<string> damaged) : ReadOnlyStream
{
    private readonly byte[] sealedChunk = BufferPool.Instance.Rent(ObjectSeal.SealedChunkSize);
    private readonly byte[] chunk = BufferPool.Instance.Rent(ObjectSeal.ChunkSize);
    private long left = size;
    private long number;
    private bool isOver;
    private AesGcm? key;

    public override long Length { get; } = ObjectSeal.OpenedSize(size);

    protected override async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        if (isOver)
            return null;
        try
        {
            return await OpenNextAsync(cancellationToken);
        }
        catch (DamagedObjectException exception)
        {
            damaged(exception.Message);
            throw;
        }
    }

    protected override void Release()
    {
        foreach (var each in keys)
            each.Dispose();
        chunks.Dispose();
        BufferPool.Instance.Return(chunk, clearArray: true);
        BufferPool.Instance.Return(sealedChunk);
    }

    private async Task<ReadOnlyMemory<byte>> OpenNextAsync(CancellationToken cancellationToken)
    {
        var count = (int)Math.Min(left, ObjectSeal.SealedChunkSize);
        left -= count;
        isOver = left == 0;
        await chunks.ReadExactlyAsync(sealedChunk.AsMemory(0, count), cancellationToken);
        // The first chunk tells which.
        var isOpen = key is null ? (key = keys.FirstOrDefault(each => TryOpen(each, count))) is not null : TryOpen(key, count);
        if (!isOpen)
            throw new DamagedObjectException($"the object '{name}' is not what its writer sealed");
        number++;
        return chunk.AsMemory(0, count - (ObjectSeal.SealedChunkSize - ObjectSeal.ChunkSize));
    }

    private bool TryOpen(AesGcm with, int count) => ObjectSeal.TryOpen(with, number, isOver, sealedChunk.AsSpan(0, count), chunk);
}
