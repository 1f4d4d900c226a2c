using Osapi.Operations;

namespace Osapi.Agent.Files.Archives;

/// <summary>The content of a file in an archive, which must have the size and the checksum that the archive says.</summary>
/// <param name="stream">The bytes; null for an empty file.</param>
/// <param name="size">The size.</param>
/// <param name="checksum">The CRC-32; null when the archive has none.</param>
internal sealed class EntryContent(Stream? stream, long size, uint? checksum)
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(index =>
    {
        var value = (uint)index;
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
        return value;
    })];

    private uint crc = uint.MaxValue;
    private long total;

    /// <summary>Reads a part; 0 at the end.</summary>
    /// <exception cref="OperationException">The archive is damaged.</exception>
    public async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = stream is null ? 0 : await ArchiveErrors.NamedAsync(() => stream.ReadAsync(buffer, cancellationToken).AsTask());
        total += count;
        if (total > size)
            throw ArchiveErrors.Damaged("a file is larger than it says");
        if (checksum is not null)
            foreach (var one in buffer.Span[..count])
                crc = Table[(byte)(crc ^ one)] ^ (crc >> 8);
        if (count == 0 && total < size)
            throw ArchiveErrors.Damaged("a file is smaller than it says");
        if (count == 0 && checksum is { } expected && ~crc != expected)
            throw ArchiveErrors.Damaged("a file has another checksum than it says");
        return count;
    }

    /// <summary>Writes all of it to a stream.</summary>
    /// <exception cref="OperationException">The archive is damaged.</exception>
    public async Task CopyToAsync(Stream target, CancellationToken cancellationToken)
    {
        var buffer = new byte[128 * 1024];
        while (await ReadAsync(buffer, cancellationToken) is > 0 and var count)
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
    }
}
