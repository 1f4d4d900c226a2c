using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Osapi.Transport.Trust;

/// <summary>The key of one reader's tags on the envelopes whose body is sealed with one wrapped key: AES-GCM of nothing, which costs a third of an HMAC.</summary>
/// <remarks>The number of an envelope is its nonce: the wrapped key counts what it seals, and each wrapped key has tag keys of its own.</remarks>
internal sealed class WrapTagKey : IDisposable
{
    public const int TagSize = 16;

    private const int NonceSize = 12;

    private readonly AesGcm key;

    /// <summary>Derives the key.</summary>
    /// <param name="reader">The key of the reader.</param>
    /// <param name="wrapNonce">The random nonce of the wrapped key.</param>
    public WrapTagKey(MessageKey reader, ReadOnlySpan<byte> wrapNonce)
    {
        var derived = reader.Tag("tags of a wrapped key", wrapNonce);
        key = new(derived, TagSize);
        CryptographicOperations.ZeroMemory(derived);
    }

    /// <summary>Computes the tag of a digest. Only one call at a time.</summary>
    public void Tag(long number, ReadOnlySpan<byte> digest, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        Nonce(nonce, number);
        key.Encrypt(nonce, [], [], tag, digest);
    }

    /// <summary>Checks the tag of a digest. Only one call at a time.</summary>
    public bool IsTag(long number, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        Nonce(nonce, number);
        try
        {
            key.Decrypt(nonce, [], tag, [], digest);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => key.Dispose();

    private static void Nonce(Span<byte> nonce, long number)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(nonce, number);
    }
}
