using System.Buffers.Binary;
using System.Text;

namespace Osapi.Transport.Trust;

/// <summary>Writes one envelope: its readers first, then its body, then its tags.</summary>
/// <param name="system">The system.</param>
/// <param name="place">The place.</param>
/// <param name="subject">The subject, the key or the name.</param>
/// <param name="signer">The host that writes it; null for the controllers.</param>
/// <param name="bootTime">The time of the host that writes it, or that it is for; null for none.</param>
internal struct EnvelopeWriter(ControllerPublicKey system, EnvelopePlace place, string subject, string? signer, BootTime? bootTime = null)
{
    private byte[] bytes = [];
    private int at;
    private int tagsAt;
    private int tagCount;

    /// <summary>Writes the body without sealing it.</summary>
    public void WriteClear(ReadOnlySpan<byte> body, int tagsSize)
    {
        Begin(SealKind.None, sealingSize: 0, body.Length, tagsSize);
        body.CopyTo(BeginBody(body.Length));
        EndBody(body.Length);
    }

    /// <summary>Seals the body for the readers that have one key. The seal authenticates the whole envelope, which needs no tag then.</summary>
    public byte[] Seal(ReadOnlySpan<byte> body, SealKind kind, SealingKey key)
    {
        var size = body.Length + SealingKey.Overhead;
        Begin(kind, SealingKey.HeaderSize, size, tagsSize: 0);
        var header = Take(SealingKey.HeaderSize);
        var sealedBody = BeginBody(size);
        key.Seal(body, header, sealedBody, new(system.SystemId, subject, bytes.AsSpan(0, at)));
        EndBody(size);
        return ToArray();
    }

    /// <summary>Seals the body for several readers, and gets its number among all that the key sealed.</summary>
    public long WriteSealed(ReadOnlySpan<byte> body, WrappedKey key, int tagsSize)
    {
        var size = body.Length + SealingKey.Overhead;
        Begin(SealKind.ToHosts, key.Wraps.Length + SealingKey.HeaderSize, size, tagsSize);
        key.Wraps.CopyTo(Take(key.Wraps.Length));
        var header = Take(SealingKey.HeaderSize);
        // The tags authenticate all of it.
        key.Sealing.Seal(body, header, BeginBody(size), default);
        EndBody(size);
        return SealingKey.NumberOf(header);
    }

    /// <summary>Computes the digest that the tags authenticate.</summary>
    public readonly void Digest(Span<byte> digest) => EnvelopeFormat.Digest(system.SystemId, subject, bytes.AsSpan(0, tagsAt), digest);

    /// <summary>Adds a tag.</summary>
    public void AddTag(TagKind kind, MessageKey key, ReadOnlySpan<byte> digest) => key.Tag(digest, BeginTag(kind, key.Id));

    /// <summary>Adds the tag of one reader of a wrapped key.</summary>
    public void AddTag(byte[] readerId, WrapTagKey key, long number, ReadOnlySpan<byte> digest) => key.Tag(number, digest, BeginTag(TagKind.OfWrap, readerId));

    /// <summary>Adds a signature.</summary>
    public void AddSignature(ControllerKeys keys, ReadOnlySpan<byte> digest) => keys.Sign(digest).CopyTo(BeginTag(TagKind.Signature, keys.Public.Id));

    /// <summary>Gets the envelope.</summary>
    public readonly byte[] ToArray()
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(tagsAt), checked((ushort)tagCount));
        return bytes;
    }

    /// <summary>Gets the space that a tag takes.</summary>
    public static int SizeOf(TagKind kind) => 1 + EnvelopeFormat.KeyIdSize + EnvelopeFormat.TagSize(kind);

    private void Begin(SealKind kind, int sealingSize, int bodySize, int tagsSize)
    {
        bytes = new byte[EnvelopeFormat.FixedSize + (signer?.Length ?? 0) + (bootTime is null ? 0 : BootTime.Size) + sealingSize + sizeof(int) + bodySize + sizeof(ushort) + tagsSize];
        var head = Take(EnvelopeFormat.FixedSize);
        (head[0], head[1], head[2], head[3]) = (EnvelopeFormat.Magic, EnvelopeFormat.Version, (byte)place, (byte)((byte)kind | (bootTime is null ? 0 : EnvelopeFormat.HasBootTime)));
        BinaryPrimitives.WriteUInt16LittleEndian(head[4..], checked((ushort)(signer?.Length ?? 0)));
        if (signer is not null)
            Encoding.ASCII.GetBytes(signer, Take(signer.Length));
        if (bootTime is not null)
            BootTime.Write(bootTime, Take(BootTime.Size));
    }

    private Span<byte> BeginBody(int size)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), size);
        return bytes.AsSpan(at, size);
    }

    private void EndBody(int size)
    {
        at += size;
        tagsAt = at;
        at += sizeof(ushort);
    }

    private Span<byte> BeginTag(TagKind kind, ReadOnlySpan<byte> keyId)
    {
        tagCount++;
        Take(1)[0] = (byte)kind;
        keyId.CopyTo(Take(EnvelopeFormat.KeyIdSize));
        return Take(EnvelopeFormat.TagSize(kind));
    }

    private Span<byte> Take(int count)
    {
        at += count;
        return bytes.AsSpan(at - count, count);
    }
}
