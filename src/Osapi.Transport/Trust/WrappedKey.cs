using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Osapi.Transport.Trust;

/// <summary>A random key, and its wrapped form for each of several readers. It seals any number of messages for the same readers.</summary>
internal sealed class WrappedKey : IDisposable
{
    private WrappedKey(byte[] wraps, SealingKey sealing) => (Wraps, Sealing) = (wraps, sealing);

    /// <summary>The nonce, the number of readers, and for each its key's id and the wrapped key.</summary>
    public byte[] Wraps { get; }

    public SealingKey Sealing { get; }

    /// <summary>Creates a key for these readers.</summary>
    public static WrappedKey Create(IReadOnlyList<MessageKey> readers)
    {
        var wraps = new byte[EnvelopeFormat.WrapsHeaderSize + readers.Count * EnvelopeFormat.WrapSize];
        var nonce = wraps.AsSpan(0, EnvelopeFormat.WrapNonceSize);
        RandomNumberGenerator.Fill(nonce);
        BinaryPrimitives.WriteUInt16LittleEndian(wraps.AsSpan(EnvelopeFormat.WrapNonceSize), checked((ushort)readers.Count));
        Span<byte> key = stackalloc byte[EnvelopeFormat.KeySize];
        RandomNumberGenerator.Fill(key);
        for (var i = 0; i < readers.Count; i++)
        {
            var wrap = wraps.AsSpan(EnvelopeFormat.WrapsHeaderSize + i * EnvelopeFormat.WrapSize, EnvelopeFormat.WrapSize);
            readers[i].Id.CopyTo(wrap);
            readers[i].Sealing.Pad(nonce, wrap[EnvelopeFormat.KeyIdSize..]);
            Xor(wrap[EnvelopeFormat.KeyIdSize..], key);
        }

        SealingKey sealing = new(key);
        CryptographicOperations.ZeroMemory(key);
        return new(wraps, sealing);
    }

    /// <summary>Finds the key that is wrapped for a reader; null when it is not among the readers.</summary>
    public static SealingKey? Unwrap(ReadOnlySpan<byte> wraps, MessageKey reader)
    {
        var nonce = wraps[..EnvelopeFormat.WrapNonceSize];
        var left = wraps[EnvelopeFormat.WrapsHeaderSize..];
        for (var count = BinaryPrimitives.ReadUInt16LittleEndian(wraps[EnvelopeFormat.WrapNonceSize..]); count > 0; count--, left = left[EnvelopeFormat.WrapSize..])
        {
            if (!left[..EnvelopeFormat.KeyIdSize].SequenceEqual(reader.Id))
                continue;
            Span<byte> key = stackalloc byte[EnvelopeFormat.KeySize];
            reader.Sealing.Pad(nonce, key);
            Xor(key, left[EnvelopeFormat.KeyIdSize..EnvelopeFormat.WrapSize]);
            SealingKey sealing = new(key);
            CryptographicOperations.ZeroMemory(key);
            return sealing;
        }

        return null;
    }

    public void Dispose() => Sealing.Dispose();

    // Combines a pad, which is used for one key only, with the key.
    private static void Xor(Span<byte> pad, ReadOnlySpan<byte> key)
    {
        for (var i = 0; i < pad.Length; i++)
            pad[i] ^= key[i];
    }
}
