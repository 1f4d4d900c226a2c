using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Osapi.Transport.Trust;

/// <summary>The form of a sealed object: a header that names its writer, then chunks that are sealed one by one, the last of which is marked.</summary>
/// <remarks>So it is written and read in bounded memory, and no part of it can be changed, moved, cut off or added.</remarks>
internal static class ObjectSeal
{
    /// <summary>The number of bytes in a chunk before it is sealed; the last one may have fewer, also none.</summary>
    public const int ChunkSize = 64 * 1024;

    /// <summary>The number of bytes in a sealed chunk.</summary>
    public const int SealedChunkSize = ChunkSize + TagSize;

    /// <summary>The size of the header before the writer's name.</summary>
    public const int FixedSize = 5;

    /// <summary>The size of the salt after it.</summary>
    public const int SaltSize = 16;

    private const int TagSize = 16;
    private const int NonceSize = 12;

    /// <summary>Writes the header of a new object.</summary>
    public static byte[] Header(EnvelopePlace place, string? signer)
    {
        var header = new byte[FixedSize + (signer?.Length ?? 0) + SaltSize];
        (header[0], header[1], header[2]) = (EnvelopeFormat.Magic, EnvelopeFormat.Version, (byte)place);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(3), checked((ushort)(signer?.Length ?? 0)));
        Encoding.ASCII.GetBytes(signer ?? "", header.AsSpan(FixedSize));
        RandomNumberGenerator.Fill(header.AsSpan(header.Length - SaltSize));
        return header;
    }

    /// <summary>Gets the length of the writer's name; null when it is no header of this version and place.</summary>
    public static int? SignerLength(ReadOnlySpan<byte> header, EnvelopePlace place) =>
        header is [EnvelopeFormat.Magic, EnvelopeFormat.Version, var at, ..] && header.Length == FixedSize && at == (byte)place ? BinaryPrimitives.ReadUInt16LittleEndian(header[3..]) : null;

    /// <summary>Derives the key of an object, for which its name and all of its header matter.</summary>
    public static AesGcm Key(SealingKey key, string name, ReadOnlySpan<byte> header) => key.DeriveObjectKey([.. header, .. Encoding.UTF8.GetBytes(name)]);

    /// <summary>Seals a chunk.</summary>
    public static void Seal(AesGcm key, long number, bool isLast, ReadOnlySpan<byte> chunk, Span<byte> sealedChunk)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        Nonce(nonce, number, isLast);
        key.Encrypt(nonce, chunk, sealedChunk[..chunk.Length], sealedChunk.Slice(chunk.Length, TagSize));
    }

    /// <summary>Opens a chunk; false when it is not the one that was sealed.</summary>
    public static bool TryOpen(AesGcm key, long number, bool isLast, ReadOnlySpan<byte> sealedChunk, Span<byte> chunk)
    {
        if (sealedChunk.Length < TagSize)
            return false;
        Span<byte> nonce = stackalloc byte[NonceSize];
        Nonce(nonce, number, isLast);
        var size = sealedChunk.Length - TagSize;
        try
        {
            key.Decrypt(nonce, sealedChunk[..size], sealedChunk[size..], chunk[..size]);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <summary>Gets the number of bytes that are sealed in the chunks.</summary>
    public static long OpenedSize(long sealedSize) => Math.Max(0, sealedSize - (sealedSize + SealedChunkSize - 1) / SealedChunkSize * TagSize);

    private static void Nonce(Span<byte> nonce, long number, bool isLast)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(nonce, number);
        nonce[^1] = isLast ? (byte)1 : (byte)0;
    }
}
