using System.Security.Cryptography;
using System.Text;

namespace Osapi.Transport.Trust;

/// <summary>The keys of one direction between controllers and a host, or among controllers: one for tags, one for sealing.</summary>
internal sealed class MessageKey : IDisposable
{
    public const int TagSize = 32;

    private readonly byte[] tagKey;

    /// <summary>Creates the keys from 64 bytes.</summary>
    public MessageKey(ReadOnlySpan<byte> keys)
    {
        tagKey = keys[..EnvelopeFormat.KeySize].ToArray();
        Sealing = new(keys[EnvelopeFormat.KeySize..]);
        Id = Tag("key id", [])[..EnvelopeFormat.KeyIdSize];
    }

    /// <summary>Names the key in envelopes, and tells nothing about it.</summary>
    public byte[] Id { get; }

    public SealingKey Sealing { get; }

    /// <summary>Computes the tag of a digest, or as much of it as there is room for.</summary>
    public void Tag(ReadOnlySpan<byte> digest, Span<byte> tag)
    {
        Span<byte> whole = stackalloc byte[TagSize];
        HMACSHA256.HashData(tagKey, digest, whole);
        whole[..tag.Length].CopyTo(tag);
    }

    /// <summary>Checks the tag of a digest; an empty one is never right.</summary>
    public bool IsTag(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> tag)
    {
        Span<byte> right = stackalloc byte[TagSize];
        HMACSHA256.HashData(tagKey, digest, right);
        return !tag.IsEmpty && CryptographicOperations.FixedTimeEquals(right[..tag.Length], tag);
    }

    /// <summary>Computes the tag of content with a purpose.</summary>
    public byte[] Tag(string purpose, ReadOnlySpan<byte> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        // Longer than a digest, so that neither is ever taken for the other.
        byte[] bytes = [.. "osapi purpose\0"u8, .. Encoding.UTF8.GetBytes(purpose), 0, .. SHA256.HashData(content)];
        return HMACSHA256.HashData(tagKey, bytes);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(tagKey);
        Sealing.Dispose();
    }
}
