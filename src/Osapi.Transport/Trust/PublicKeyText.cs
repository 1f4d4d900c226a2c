using System.Buffers.Text;
using System.Security.Cryptography;

namespace Osapi.Transport.Trust;

/// <summary>The text forms of public keys.</summary>
internal static class PublicKeyText
{
    /// <summary>Gets the fingerprint: <c>SHA256:</c> and the hash of the bytes in base64 without padding, as OpenSSH writes it.</summary>
    public static string Fingerprint(ReadOnlySpan<byte> bytes) => $"SHA256:{Convert.ToBase64String(SHA256.HashData(bytes)).TrimEnd('=')}";

    /// <summary>Gets the text of a key: its bytes in base64url.</summary>
    public static string Format(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>Parses a text; null unless it has exactly this many bytes.</summary>
    public static byte[]? TryParse(string? text, int size)
    {
        if (text is null || text.Length != Base64Url.GetEncodedLength(size) || !Base64Url.IsValid(text, out var length) || length != size)
            return null;
        var bytes = Base64Url.DecodeFromChars(text);
        // Several texts may decode to the same bytes; one of them is the key.
        return Format(bytes) == text ? bytes : null;
    }
}
