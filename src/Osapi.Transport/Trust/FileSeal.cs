using System.Security.Cryptography;

namespace Osapi.Transport.Trust;

/// <summary>The sealed form of a stored file: that of an object, under a key of its own.</summary>
internal static class FileSeal
{
    private static ReadOnlySpan<byte> Label => "osapi file key\0"u8;

    /// <summary>Seals content.</summary>
    public static SealingStream Seal(string name, Stream content, byte[] key)
    {
        var header = Header(key);
        using SealingKey root = new(key);
        return new(content, header, ObjectSeal.Key(root, name, header));
    }

    /// <summary>Opens content; null when it was not sealed with this key.</summary>
    /// <param name="name">The name of the file.</param>
    /// <param name="stored">The sealed form.</param>
    /// <param name="key">The key.</param>
    /// <param name="damaged">Called with the reason when the content is not what was sealed, in addition to the exception; null for nothing.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    public static async Task<Stream?> OpenAsync(string name, Stream stored, byte[] key, Action<string>? damaged, CancellationToken cancellationToken)
    {
        var header = Header(key);
        var read = new byte[header.Length];
        if (await stored.ReadAtLeastAsync(read, read.Length, throwOnEndOfStream: false, cancellationToken) < read.Length || !read.AsSpan().SequenceEqual(header))
            return null;
        using SealingKey root = new(key);
        return new OpeningStream(stored, stored.Length - header.Length, [ObjectSeal.Key(root, name, header)], name, damaged ?? (static _ => { }));
    }

    // A digest of the random key takes the place of the salt, so that a reader sees at once whether the content is of its key.
    private static byte[] Header(byte[] key)
    {
        var header = ObjectSeal.Header(EnvelopePlace.Files, signer: null);
        SHA256.HashData([.. Label, .. key]).AsSpan(0, ObjectSeal.SaltSize).CopyTo(header.AsSpan(header.Length - ObjectSeal.SaltSize));
        return header;
    }
}
