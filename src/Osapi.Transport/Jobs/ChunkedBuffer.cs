using System.Buffers;

namespace Osapi.Transport.Jobs;

/// <summary>
/// A buffer that grows in chunks, so that large content is neither copied while it grows nor kept by an array pool.
/// </summary>
/// <param name="maxSize">The maximum number of bytes.</param>
internal sealed class ChunkedBuffer(long maxSize) : IBufferWriter<byte>
{
    private const int FirstChunk = 1024;
    private const int MaxChunk = 1024 * 1024;

    private readonly List<ArraySegment<byte>> full = [];
    private byte[] chunk = [];
    private int used;
    private long before;

    /// <summary>The number of bytes written.</summary>
    public long Length => before + used;

    public void Advance(int count) => used += count;

    /// <exception cref="EntryTooLargeException">The maximum was exceeded.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (chunk.Length - used < Math.Max(sizeHint, 1))
            Grow(sizeHint);
        return chunk.AsMemory(used);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Copies the content into one array.</summary>
    public byte[] ToArray()
    {
        var all = GC.AllocateUninitializedArray<byte>(checked((int)Length));
        var at = 0;
        foreach (var part in full.Append(new(chunk, 0, used)))
        {
            part.AsSpan().CopyTo(all.AsSpan(at));
            at += part.Count;
        }

        return all;
    }

    private void Grow(int sizeHint)
    {
        if (Length > maxSize)
            throw new EntryTooLargeException(maxSize);
        if (used > 0)
            full.Add(new(chunk, 0, used));
        before += used;
        used = 0;
        chunk = GC.AllocateUninitializedArray<byte>(Math.Max(sizeHint, (int)Math.Clamp(before, FirstChunk, MaxChunk)));
    }
}
