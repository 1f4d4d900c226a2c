using System.Security.Cryptography;
using System.Text;

namespace Osapi.Transport.Trust;

/// <summary>The keys of one direction between controllers and a host, or among controllers: one for tags, one for sealing.</summary>
internal sealed class MessageKey : IDisposable
{
    public const int TagSize = 32;

    private const int KeySize = 32;
    private readonly byte[] tagKey;
    private readonly byte[] sealKey;

    /// <summary>Creates the keys from 64 bytes.</summary>
    public MessageKey(ReadOnlySpan<byte> keys)
    {
        tagKey = keys[..KeySize].ToArray();
        sealKey = keys[KeySize..].ToArray();
    }

    /// <summary>Computes the tag of a digest.</summary>
    public void Tag(ReadOnlySpan<byte> digest, Span<byte> tag) => HMACSHA256.HashData(tagKey, digest, tag);

    /// <summary>Computes the tag of content with a purpose.</summary>
    public byte[] Tag(string purpose, ReadOnlySpan<byte> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        // The first byte keeps it apart from digests, which begin with any byte but are 32 long: this never is.
        byte[] bytes = [.. "osapi purpose\0"u8, .. Encoding.UTF8.GetBytes(purpose), 0, .. SHA256.HashData(content)];
        return HMACSHA256.HashData(tagKey, bytes);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(tagKey);
        CryptographicOperations.ZeroMemory(sealKey);
    }
}
