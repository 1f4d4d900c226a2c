using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Osapi.Transport.Trust;

/// <summary>A random key, and its wrapped form for each of several readers. It seals any number of messages for the same readers.</summary>
internal sealed class WrappedKey : IDisposable
{
    private readonly Lock gate = new();
    private readonly IReadOnlyList<(byte[] Id, WrapTagKey Key)> tags;

    private WrappedKey(byte[] wraps, SealingKey sealing, IReadOnlyList<(byte[] Id, WrapTagKey Key)> tags) => (Wraps, Sealing, this.tags) = (wraps, sealing, tags);

    /// <summary>The nonce, the number of readers, and for each its key's id, the wrapped key, and the newest time of its host.</summary>
    public byte[] Wraps { get; }

    public SealingKey Sealing { get; }

    /// <summary>The number of readers that get a tag of their own.</summary>
    public int TagCount => tags.Count;

    /// <summary>Adds the tag of each reader to an envelope that this key sealed.</summary>
    public void AddTags(ref EnvelopeWriter envelope, long number, ReadOnlySpan<byte> digest)
    {
        lock (gate)
            foreach (var (id, key) in tags)
                envelope.AddTag(id, key, number, digest);
    }

    /// <summary>Creates a key for these readers.</summary>
    /// <param name="readers">The readers.</param>
    /// <param name="tagged">The readers that check a tag of their own; empty when all of them check a signature.</param>
    public static WrappedKey Create(IReadOnlyList<(MessageKey Key, BootTime? Time)> readers, IEnumerable<MessageKey> tagged)
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
            readers[i].Key.Id.CopyTo(wrap);
            var wrapped = wrap.Slice(EnvelopeFormat.KeyIdSize, EnvelopeFormat.KeySize);
            readers[i].Key.Sealing.Pad(nonce, wrapped);
            Xor(wrapped, key);
            BootTime.Write(readers[i].Time, wrap[(EnvelopeFormat.KeyIdSize + EnvelopeFormat.KeySize)..]);
        }

        SealingKey sealing = new(key);
        CryptographicOperations.ZeroMemory(key);
        return new(wraps, sealing, [.. tagged.Select(reader => (reader.Id, new WrapTagKey(reader, wraps.AsSpan(0, EnvelopeFormat.WrapNonceSize))))]);
    }

    /// <summary>Finds the key that is wrapped for a reader; null when it is not among the readers.</summary>
    public static UnwrappedKey? Unwrap(ReadOnlySpan<byte> wraps, MessageKey reader)
    {
        var nonce = wraps[..EnvelopeFormat.WrapNonceSize];
        var left = wraps[EnvelopeFormat.WrapsHeaderSize..];
        for (var count = BinaryPrimitives.ReadUInt16LittleEndian(wraps[EnvelopeFormat.WrapNonceSize..]); count > 0; count--, left = left[EnvelopeFormat.WrapSize..])
        {
            if (!left[..EnvelopeFormat.KeyIdSize].SequenceEqual(reader.Id))
                continue;
            Span<byte> key = stackalloc byte[EnvelopeFormat.KeySize];
            reader.Sealing.Pad(nonce, key);
            Xor(key, left.Slice(EnvelopeFormat.KeyIdSize, EnvelopeFormat.KeySize));
            SealingKey sealing = new(key);
            CryptographicOperations.ZeroMemory(key);
            return new(sealing, new(reader, nonce), BootTime.Read(left[(EnvelopeFormat.KeyIdSize + EnvelopeFormat.KeySize)..]));
        }

        return null;
    }

    public void Dispose()
    {
        Sealing.Dispose();
        foreach (var (_, key) in tags)
            key.Dispose();
    }

    // Combines a pad, which is used for one key only, with the key.
    private static void Xor(Span<byte> pad, ReadOnlySpan<byte> key)
    {
        for (var i = 0; i < pad.Length; i++)
            pad[i] ^= key[i];
    }
}

/// <summary>A wrapped key that its reader has unwrapped.</summary>
/// <param name="Sealing">The key.</param>
/// <param name="Tags">The key of the reader's tags.</param>
/// <param name="Time">The newest time of the reader's host that the controllers knew; null for none.</param>
internal sealed record UnwrappedKey(SealingKey Sealing, WrapTagKey Tags, BootTime? Time);
