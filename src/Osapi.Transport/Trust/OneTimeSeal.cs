using System.Security.Cryptography;

namespace Osapi.Transport.Trust;

/// <summary>Seals one body under a random key that is used for nothing else.</summary>
internal static class OneTimeSeal
{
    private const int TagSize = SealingKey.Overhead;

    private static ReadOnlySpan<byte> Nonce => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> body, Span<byte> sealedBody)
    {
        using AesGcm cipher = new(key, TagSize);
        cipher.Encrypt(Nonce, body, sealedBody[..body.Length], sealedBody[body.Length..]);
    }

    /// <summary>Opens a sealed body; null when it is not what was sealed.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealedBody)
    {
        if (sealedBody.Length < TagSize)
            return null;
        var body = new byte[sealedBody.Length - TagSize];
        using AesGcm cipher = new(key, TagSize);
        try
        {
            cipher.Decrypt(Nonce, sealedBody[..body.Length], sealedBody[body.Length..], body);
            return body;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
