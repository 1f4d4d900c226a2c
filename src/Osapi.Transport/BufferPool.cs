using System.Buffers;

namespace Osapi.Transport;

/// <summary>Large buffers for streams. The shared pool keeps one of each size for each thread that returned one, which adds up to tens of MiB.</summary>
public static class BufferPool
{
    private const int MaxSize = 512 * 1024;
    private const int MaxBuffersOfASize = 4;

    /// <summary>The pool. It keeps at most four buffers of each size, and none that is larger than 512 KiB.</summary>
    public static ArrayPool<byte> Instance { get; } = ArrayPool<byte>.Create(MaxSize, MaxBuffersOfASize);
}
