using System.Buffers.Binary;
using System.Text;

namespace Osapi.Transport.Trust;

/// <summary>The parts of an envelope, which anybody may have written. Nothing in it is believed before its tag was checked.</summary>
/// <remarks>
/// <code>
/// magic, version, place, seal kind, length and key of the signing host (none: controllers), a time of a host if the kind says so
/// seal: nothing | salt and counter | nonce, count, for each reader its key's id, the wrapped key and its time, then salt and counter
/// length of the body, body
/// count of tags, for each its kind, its key's id, its bytes        (all before it is covered by every tag)
/// </code>
/// A body that is sealed with one key has no tags: its seal authenticates what is before it as well.
/// </remarks>
internal readonly ref struct EnvelopeReader
{
    private readonly ReadOnlySpan<byte> tags;

    private EnvelopeReader(EnvelopePlace place, SealKind seal, string? signer, BootTime? bootTime, ReadOnlySpan<byte> sealing, ReadOnlySpan<byte> covered, Range body, ReadOnlySpan<byte> tags)
    {
        Place = place;
        Seal = seal;
        Signer = signer;
        BootTime = bootTime;
        Sealing = sealing;
        Covered = covered;
        Body = body;
        this.tags = tags;
    }

    public EnvelopePlace Place { get; }

    public SealKind Seal { get; }

    /// <summary>The host that claims to have written it; null for the controllers.</summary>
    public string? Signer { get; }

    /// <summary>The time of the host that wrote it, or that it is for; null for none.</summary>
    public BootTime? BootTime { get; }

    /// <summary>The part that tells how to open the body.</summary>
    public ReadOnlySpan<byte> Sealing { get; }

    /// <summary>All bytes that tags cover.</summary>
    public ReadOnlySpan<byte> Covered { get; }

    /// <summary>The place of the body in the payload.</summary>
    public Range Body { get; }

    /// <summary>True when it has tags.</summary>
    public bool HasTags => tags.Length > sizeof(ushort);

    /// <summary>True for a payload that is an envelope of any version. JSON never begins so.</summary>
    public static bool IsEnvelope(ReadOnlySpan<byte> payload) => payload is [EnvelopeFormat.Magic, ..];

    /// <summary>True for an envelope that another version of the software wrote.</summary>
    public static bool IsOfAnotherVersion(ReadOnlySpan<byte> payload) => payload is [EnvelopeFormat.Magic, not EnvelopeFormat.Version, ..];

    /// <summary>Parses a payload; false, with the reason, for one that is not whole, or of another version.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out EnvelopeReader envelope, out string? reason)
    {
        envelope = default;
        reason = "its envelope is damaged";
        if (payload.Length < EnvelopeFormat.FixedSize)
            return false;
        if (payload[1] != EnvelopeFormat.Version)
        {
            reason = $"its envelope has the version {payload[1]}, which this version of the software does not know";
            return false;
        }

        var (seal, signerLength) = ((SealKind)(payload[3] & ~EnvelopeFormat.HasBootTime), BinaryPrimitives.ReadUInt16LittleEndian(payload[4..]));
        var at = EnvelopeFormat.FixedSize;
        if (payload.Length - at < signerLength || !Ascii.IsValid(payload.Slice(at, signerLength)))
            return false;
        var signer = signerLength == 0 ? null : Encoding.ASCII.GetString(payload.Slice(at, signerLength));
        at += signerLength;
        BootTime? bootTime = null;
        if ((payload[3] & EnvelopeFormat.HasBootTime) != 0)
        {
            if (payload.Length - at < Trust.BootTime.Size)
                return false;
            bootTime = Trust.BootTime.Read(payload.Slice(at, Trust.BootTime.Size));
            at += Trust.BootTime.Size;
        }

        if (SealingSize(payload[at..], seal) is not { } sealingSize || payload.Length - at - sealingSize < sizeof(int))
            return false;
        var sealing = payload.Slice(at, sealingSize);
        at += sealingSize;
        var bodyLength = BinaryPrimitives.ReadInt32LittleEndian(payload[at..]);
        at += sizeof(int);
        if (bodyLength < 0 || payload.Length - at < bodyLength)
            return false;
        var end = at + bodyLength;
        envelope = new((EnvelopePlace)payload[2], seal, signer, bootTime, sealing, payload[..end], at..end, payload[end..]);
        if (!envelope.HasWholeTags())
            return false;
        reason = null;
        return true;
    }

    /// <summary>Finds a tag; empty when there is none.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="keyId">The id of its key; empty for any.</param>
    public ReadOnlySpan<byte> FindTag(TagKind kind, ReadOnlySpan<byte> keyId)
    {
        for (var left = tags[sizeof(ushort)..]; !left.IsEmpty;)
        {
            var size = EnvelopeFormat.TagSize((TagKind)left[0]);
            var tag = left.Slice(1 + EnvelopeFormat.KeyIdSize, size);
            if ((TagKind)left[0] == kind && left.Slice(1, EnvelopeFormat.KeyIdSize).SequenceEqual(keyId))
                return tag;
            left = left[(1 + EnvelopeFormat.KeyIdSize + size)..];
        }

        return [];
    }

    // Exactly as many as it claims, and nothing after them.
    private bool HasWholeTags()
    {
        if (tags.Length < sizeof(ushort))
            return false;
        var left = tags[sizeof(ushort)..];
        for (var count = BinaryPrimitives.ReadUInt16LittleEndian(tags); count > 0; count--)
        {
            var size = left.IsEmpty ? 0 : EnvelopeFormat.TagSize((TagKind)left[0]);
            if (size == 0 || left.Length < 1 + EnvelopeFormat.KeyIdSize + size)
                return false;
            left = left[(1 + EnvelopeFormat.KeyIdSize + size)..];
        }

        return left.IsEmpty;
    }

    private static int? SealingSize(ReadOnlySpan<byte> from, SealKind seal)
    {
        var size = seal switch
        {
            SealKind.None => 0,
            SealKind.Controllers or SealKind.ToHost or SealKind.FromHost => SealingKey.HeaderSize,
            SealKind.ToHosts when from.Length >= EnvelopeFormat.WrapsHeaderSize =>
                EnvelopeFormat.WrapsHeaderSize + BinaryPrimitives.ReadUInt16LittleEndian(from[EnvelopeFormat.WrapNonceSize..]) * EnvelopeFormat.WrapSize + SealingKey.HeaderSize,
            _ => -1,
        };
        return size >= 0 && from.Length >= size ? size : null;
    }
}
