using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;

namespace Osapi.Transport.Jobs.Outputs;

/// <summary>The chunks of the output of one executor: objects below one prefix, to which only the executing host writes.</summary>
/// <param name="transport">The store.</param>
/// <param name="hostKey">The key of the host that runs the job.</param>
/// <param name="jobId">The job.</param>
/// <param name="executor">The executor's key.</param>
public sealed class OutputChunks(ITransport transport, string hostKey, JobId jobId, string executor)
{
    /// <summary>The size of every chunk but the last, in bytes; a larger one is damaged.</summary>
    public const int Size = 512 * 1024;

    // A writer stops far below: 1 TiB.
    private const int MaxCount = 2 * 1024 * 1024;

    /// <summary>Stores a chunk, replacing one of the same number.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="number">The number of the chunk, from 1.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    public async Task PutAsync(OutputStream stream, int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using MemoryChunk chunk = new(content);
        await transport.Results.PutAsync(NameOf(stream, number), chunk, metadata: null, cancellationToken);
    }

    /// <summary>Determines whether a chunk is in the store, as its host wrote it.</summary>
    public async Task<bool> ExistsAsync(OutputStream stream, int number, CancellationToken cancellationToken)
    {
        try
        {
            return await transport.Results.FindAsync(NameOf(stream, number), cancellationToken) is not null;
        }
        catch (DamagedObjectException)
        {
            return false;
        }
    }

    /// <summary>Reads a chunk into a buffer of <see cref="Size"/>.</summary>
    /// <returns>The number of bytes; null when there is no such chunk.</returns>
    /// <exception cref="DamagedObjectException">The chunk is damaged, empty or too large.</exception>
    public async Task<int?> ReadAsync(OutputStream stream, int number, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await using var content = await transport.Results.OpenAsync(NameOf(stream, number), cancellationToken);
        if (content is null)
            return null;
        if (content.Length is <= 0 or > Size)
            throw new DamagedObjectException($"Chunk {number} of the output of job {jobId} has {content.Length} bytes.");
        var length = (int)content.Length;
        await content.ReadExactlyAsync(buffer[..length], cancellationToken);
        return length;
    }

    /// <summary>Reads a whole stream, one chunk after the other; each is valid until the next one is read.</summary>
    /// <exception cref="DamagedObjectException">A chunk is missing, or the bytes are not those of the end: what was read before is not to be trusted.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAllAsync(OutputStream stream, StoredStream stored, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stored);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = BufferPool.Instance.Rent(Size);
        try
        {
            long bytes = 0;
            for (var number = 1; number <= stored.Chunks; number++)
            {
                if (await ReadAsync(stream, number, buffer, cancellationToken) is not { } length)
                    throw new DamagedObjectException($"Chunk {number} of the output of job {jobId} is gone.");
                hash.AppendData(buffer, 0, length);
                bytes += length;
                // Before the last bytes are given away, so that a reader that gets them all got the right ones.
                if (bytes > stored.Bytes || (number == stored.Chunks && (bytes != stored.Bytes || Convert.ToHexStringLower(hash.GetHashAndReset()) != stored.Sha256)))
                    throw new DamagedObjectException($"The output of job {jobId} is not what its host wrote.");
                yield return buffer.AsMemory(0, length);
            }
        }
        finally
        {
            BufferPool.Instance.Return(buffer);
        }
    }

    /// <summary>Removes the chunks of all streams.</summary>
    /// <returns>The number of removed chunks.</returns>
    public async Task<int> RemoveAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var stream in Enum.GetValues<OutputStream>())
            for (var number = 1; number <= MaxCount && await transport.Results.DeleteAsync(NameOf(stream, number), cancellationToken); number++)
                removed++;
        return removed;
    }

    /// <summary>Gets the job of a chunk from its name; null for any other object.</summary>
    public static JobId? JobOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Split('/') is [_, var owner, var stream, _] && SnakeCaseName.Parse<OutputStream>(stream) is not null
            && JobId.TryParseCanonical(owner.AsSpan(0, Math.Max(0, owner.IndexOf('.', StringComparison.Ordinal))).ToString(), out var id)
                ? id
                : null;
    }

    private string NameOf(OutputStream stream, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{JobEntries.NameOf(hostKey, jobId, executor)}/{SnakeCaseName.Of(stream)}/{number:D8}");
}
