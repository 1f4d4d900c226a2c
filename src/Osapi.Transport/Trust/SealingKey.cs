using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Osapi.Transport.Trust;

/// <summary>Seals and opens bodies with AES-256-GCM.</summary>
/// <remarks>
/// Several processes use the same key, so each derives a key of its own from a random salt and counts its nonces: no pair
/// of key and nonce is ever used twice, however many messages there are.
/// </remarks>
internal sealed class SealingKey : IDisposable
{
    /// <summary>The size of the salt and the counter, which the reader needs.</summary>
    public const int HeaderSize = SaltSize + sizeof(long);

    /// <summary>The number of bytes by which a sealed body is larger.</summary>
    public const int Overhead = TagSize;

    private const int SaltSize = 16;
    private const int TagSize = 16;
    private const int NonceSize = 12;
    private const int MaxReadKeys = 8;

    private readonly byte[] root;
    // AesGcm is not safe for concurrent use, and costs more to create than to use.
    private readonly Lock gate = new();
    private readonly byte[] salt = RandomNumberGenerator.GetBytes(SaltSize);
    private readonly List<(byte[] Salt, AesGcm Key)> readKeys = [];
    private AesGcm? writeKey;
    private long count;

    public SealingKey(ReadOnlySpan<byte> root) => this.root = root.ToArray();

    /// <summary>Seals a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="header">Receives the salt and the counter.</param>
    /// <param name="sealedBody">Receives the body and its tag.</param>
    /// <param name="context">What is authenticated beside the body; made once the header is there.</param>
    public void Seal(ReadOnlySpan<byte> body, Span<byte> header, Span<byte> sealedBody, SealContext context)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        nonce.Clear();
        salt.CopyTo(header);
        var number = Interlocked.Increment(ref count);
        BinaryPrimitives.WriteInt64LittleEndian(header[SaltSize..], number);
        BinaryPrimitives.WriteInt64LittleEndian(nonce, number);
        Span<byte> authenticated = stackalloc byte[SealContext.MaxStackSize];
        authenticated = context.WriteTo(authenticated);
        lock (gate)
            (writeKey ??= Derive("seal\0"u8, salt)).Encrypt(nonce, body, sealedBody[..body.Length], sealedBody[body.Length..], authenticated);
    }

    /// <summary>Gets the number of a sealed body among all that its key sealed.</summary>
    public static long NumberOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadInt64LittleEndian(header[SaltSize..]);

    /// <summary>Opens a sealed body; null when it is not what was sealed, in this context and with this key.</summary>
    public byte[]? Open(ReadOnlySpan<byte> header, ReadOnlySpan<byte> sealedBody, SealContext context)
    {
        if (sealedBody.Length < TagSize)
            return null;
        Span<byte> nonce = stackalloc byte[NonceSize];
        nonce.Clear();
        header[SaltSize..].CopyTo(nonce);
        var body = new byte[sealedBody.Length - TagSize];
        Span<byte> authenticated = stackalloc byte[SealContext.MaxStackSize];
        authenticated = context.WriteTo(authenticated);
        try
        {
            lock (gate)
                ReadKey(header[..SaltSize]).Decrypt(nonce, sealedBody[..body.Length], sealedBody[body.Length..], body, authenticated);
            return body;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>Derives the key of one object.</summary>
    /// <param name="context">The place, the name and a random salt.</param>
    public AesGcm DeriveObjectKey(ReadOnlySpan<byte> context) => Derive("object\0"u8, context);

    /// <summary>Computes the pad that wraps the key of one message for a reader; the nonce is never used for another message.</summary>
    public void Pad(ReadOnlySpan<byte> nonce, Span<byte> pad) => HMACSHA256.HashData(root, [.. "wrap\0"u8, .. nonce], pad);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(root);
        lock (gate)
        {
            writeKey?.Dispose();
            foreach (var (_, key) in readKeys)
                key.Dispose();
            readKeys.Clear();
        }
    }

    private AesGcm ReadKey(ReadOnlySpan<byte> of)
    {
        for (var i = 0; i < readKeys.Count; i++)
            if (of.SequenceEqual(readKeys[i].Salt))
                return readKeys[i].Key;
        if (readKeys.Count == MaxReadKeys)
        {
            readKeys[0].Key.Dispose();
            readKeys.RemoveAt(0);
        }

        var key = Derive("seal\0"u8, of);
        readKeys.Add((of.ToArray(), key));
        return key;
    }

    private AesGcm Derive(ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> from)
    {
        Span<byte> key = stackalloc byte[EnvelopeFormat.KeySize];
        HMACSHA256.HashData(root, [.. purpose, .. from], key);
        AesGcm derived = new(key, TagSize);
        CryptographicOperations.ZeroMemory(key);
        return derived;
    }
}
