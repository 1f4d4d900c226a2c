using System.Security.Cryptography;

namespace Osapi.Transport.Trust;

/// <summary>The sizes of an envelope's parts, and the digest that its tags authenticate.</summary>
internal static class EnvelopeFormat
{
    /// <summary>The first byte. No JSON document begins with it.</summary>
    public const byte Magic = 0xA5;

    public const byte Version = 1;

    /// <summary>The size of the part before the signing host.</summary>
    public const int FixedSize = 6;

    public const int KeyIdSize = 8;

    public const int KeySize = 32;

    public const int DigestSize = SHA256.HashSizeInBytes;

    public const int WrapNonceSize = 16;

    public const int WrapsHeaderSize = WrapNonceSize + sizeof(ushort);

    public const int WrapSize = KeyIdSize + KeySize + BootTime.Size;

    /// <summary>The bit beside the kind of the seal for an envelope that has a time of a host.</summary>
    public const byte HasBootTime = 0x80;

    /// <summary>The number of hosts above which one signature takes the place of a tag for each: it costs a controller as much as 30 tags.</summary>
    public const int MaxHostTags = 32;

    private const int HostTagSize = 16;
    private const int SignatureSize = 64;

    [ThreadStatic]
    private static IncrementalHash? hash;

    /// <summary>Gets the size of a tag; 0 for an unknown kind.</summary>
    public static int TagSize(TagKind kind) => kind switch
    {
        TagKind.Controllers or TagKind.FromHost => MessageKey.TagSize,
        TagKind.ToHost => HostTagSize,
        TagKind.OfWrap => WrapTagKey.TagSize,
        TagKind.Signature => SignatureSize,
        _ => 0,
    };

    /// <summary>Computes the digest that the tags authenticate: of the system, the subject (which the envelope does not repeat) and the covered bytes.</summary>
    public static void Digest(ReadOnlySpan<byte> systemId, string subject, ReadOnlySpan<byte> covered, Span<byte> digest)
    {
        Span<byte> context = stackalloc byte[SealContext.MaxStackSize];
        context = new SealContext(systemId, subject, []).WriteTo(context);
        // One for each thread: creating it costs as much as hashing a small message.
        var incremental = hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        incremental.AppendData(context);
        incremental.AppendData(covered);
        incremental.GetHashAndReset(digest);
    }
}
