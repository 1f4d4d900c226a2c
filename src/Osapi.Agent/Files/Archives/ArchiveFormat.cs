using System.IO.Compression;
using Osapi.Operations;

namespace Osapi.Agent.Files.Archives;

/// <summary>Recognizes the format of an archive by its first bytes, whatever its name is.</summary>
internal static class ArchiveFormat
{
    private const int TarMagicAt = 257, Block = 512;

    /// <summary>Reads the entries of an archive in their order.</summary>
    /// <param name="archive">The archive, from its beginning.</param>
    /// <param name="visitAsync">Gets each entry with its content, which it need not read.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="OperationException">The format is not supported, or the archive is damaged.</exception>
    public static async Task ReadAsync(FileStream archive, Func<ArchiveEntry, EntryContent, Task> visitAsync, CancellationToken cancellationToken)
    {
        var head = await HeadOfAsync(archive, cancellationToken);
        if (head.AsSpan().StartsWith((byte[])[0x1F, 0x8B]))
        {
            await using GZipStream plain = new(archive, CompressionMode.Decompress, leaveOpen: true);
            await TarArchive.ReadAsync(plain, visitAsync, cancellationToken);
        }
        else if (head.AsSpan().StartsWith("PK\u0003\u0004"u8) || head.AsSpan().StartsWith("PK\u0005\u0006"u8))
        {
            await ZipContent.ReadAsync(archive, visitAsync, cancellationToken);
        }
        else if (IsTar(head))
        {
            await TarArchive.ReadAsync(archive, visitAsync, cancellationToken);
        }
        else
        {
            throw new OperationException(ErrorType.Conflict, $"the archive {Name(head)}: tar, tar with gzip, and zip can be extracted");
        }
    }

    private static async Task<byte[]> HeadOfAsync(FileStream archive, CancellationToken cancellationToken)
    {
        var head = new byte[Block];
        archive.Position = 0;
        var length = await archive.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        archive.Position = 0;
        return head[..length];
    }

    // An archive without entries is zeros only. The oldest format has a checksum and nothing else.
    private static bool IsTar(byte[] head) =>
        head.Length == Block && (head.AsSpan(TarMagicAt).StartsWith("ustar"u8) || !head.AsSpan().ContainsAnyExcept((byte)0) || HasChecksum(head));

    private static bool HasChecksum(byte[] head)
    {
        const int At = 148, Length = 8;
        var sum = Length * ' ';
        for (var index = 0; index < head.Length; index++)
            sum += index is >= At and < At + Length ? 0 : head[index];
        var text = System.Text.Encoding.ASCII.GetString(head, At, Length).Trim(' ', '\0');
        return text.Length > 0 && text.All(digit => digit is >= '0' and <= '7') && Convert.ToInt32(text, fromBase: 8) == sum;
    }

    private static string Name(byte[] head) =>
        head.AsSpan().StartsWith((byte[])[0xFD, 0x37, 0x7A, 0x58, 0x5A]) ? "is compressed with xz"
        : head.AsSpan().StartsWith((byte[])[0x28, 0xB5, 0x2F, 0xFD]) ? "is compressed with zstd"
        : head.AsSpan().StartsWith("BZh"u8) ? "is compressed with bzip2"
        : "has an unknown format";
}
