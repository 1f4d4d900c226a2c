using System.Security.Cryptography;
using Osapi.Transport;
using Osapi.Transport.Jobs.Outputs;

namespace Osapi.Agent.Outputs;

/// <summary>
/// One output stream of one job: appended to a file, and stored in chunks from there, so that neither a slow store nor
/// a fast command needs memory or waits for the other.
/// </summary>
/// <param name="file">The file, which may have content of an earlier run of the agent.</param>
/// <param name="quota">The space that all jobs share.</param>
/// <param name="maxBytes">The maximum number of bytes of this stream.</param>
internal sealed class SpooledStream(SpoolFile file, SpoolQuota quota, long maxBytes) : IDisposable
{
    private readonly SemaphoreSlim chunks = new(0);
    private readonly Lock gate = new();
    private long reserved = Reserve(quota, file.Length);
    private long announced;
    private bool isFull;
    private bool isComplete;

    /// <summary>Appends bytes, and returns how many: fewer than given only at a limit, after which nothing more is appended.</summary>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            // An abandoned handler may still write.
            if (isFull || isComplete)
                return 0;
            var granted = quota.Reserve((int)Math.Min(bytes.Length, maxBytes - file.Length));
            reserved += granted;
            isFull = granted < bytes.Length;
            try
            {
                file.Append(bytes[..granted]);
            }
            catch (IOException)
            {
                // The disk is full: the stream is cut there, and the command goes on.
                isFull = true;
                return 0;
            }

            Announce();
            return granted;
        }
    }

    /// <summary>Ends the stream.</summary>
    public void Complete()
    {
        lock (gate)
        {
            if (isComplete)
                return;
            Announce();
            isComplete = true;
            chunks.Release();
        }
    }

    /// <summary>Stores each chunk once it is full, and the rest after <see cref="Complete"/>.</summary>
    /// <param name="put">Stores one chunk; completes when the store has acknowledged it.</param>
    /// <param name="giveUp">Ends the wait; the next run of the agent goes on.</param>
    public async Task<StoredStream> StoreAsync(Func<int, ReadOnlyMemory<byte>, Task> put, CancellationToken giveUp)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long stored = 0;
        for (var number = 1; ; number++)
        {
            await chunks.WaitAsync(giveUp);
            var length = (int)Math.Min(OutputChunks.Size, file.Length - stored);
            if (length > 0)
                await StoreAsync(number, stored, length, hash, put);
            stored += length;
            // A chunk is announced when it is full; only the last one can be shorter.
            if (length < OutputChunks.Size)
                return new(stored, length > 0 ? number : number - 1, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
    }

    /// <summary>Reads what was appended after an offset, as far as the buffer holds it.</summary>
    /// <returns>The number of bytes; 0 when there are none, and when they cannot be read.</returns>
    public int Read(long offset, Span<byte> buffer)
    {
        lock (gate)
        {
            var count = (int)Math.Clamp(file.Length - offset, 0, buffer.Length);
            try
            {
                file.Read(buffer[..count], offset);
                return count;
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                return 0;
            }
        }
    }

    /// <summary>Waits until the content is on the disk.</summary>
    public void Flush() => file.Flush();

    /// <summary>Removes the file.</summary>
    public void Unlink() => file.Unlink();

    public void Dispose()
    {
        lock (gate)
        {
            isComplete = true;
            quota.Release(reserved);
            reserved = 0;
        }

        file.Dispose();
    }

    private async Task StoreAsync(int number, long offset, int length, IncrementalHash hash, Func<int, ReadOnlyMemory<byte>, Task> put)
    {
        var buffer = BufferPool.Instance.Rent(OutputChunks.Size);
        try
        {
            file.Read(buffer.AsSpan(0, length), offset);
            hash.AppendData(buffer, 0, length);
            await put(number, buffer.AsMemory(0, length));
        }
        finally
        {
            BufferPool.Instance.Return(buffer);
        }
    }

    private void Announce()
    {
        for (; announced < file.Length / OutputChunks.Size; announced++)
            chunks.Release();
    }

    private static long Reserve(SpoolQuota quota, long bytes)
    {
        quota.Add(bytes);
        return bytes;
    }
}
