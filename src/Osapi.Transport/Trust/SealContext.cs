using System.Buffers.Binary;
using System.Text;

namespace Osapi.Transport.Trust;

/// <summary>The part that an envelope's seal and tags authenticate beside its body: the system, the subject (which the envelope does not repeat), and the part before the body.</summary>
/// <param name="systemId">The system.</param>
/// <param name="subject">The subject, the key or the name.</param>
/// <param name="covered">The covered part of the envelope.</param>
internal readonly ref struct SealContext(ReadOnlySpan<byte> systemId, string subject, ReadOnlySpan<byte> covered)
{
    private readonly string? subject = subject;
    /// <summary>The size of a buffer that is enough for usual subjects.</summary>
    public const int MaxStackSize = 512;

    private readonly ReadOnlySpan<byte> systemId = systemId;
    private readonly ReadOnlySpan<byte> covered = covered;

    private static ReadOnlySpan<byte> Label => "osapi envelope 1\0"u8;

    /// <summary>Writes it into a buffer, nothing for the default value, or into a new one if that is too small; gets the written part.</summary>
    public Span<byte> WriteTo(Span<byte> buffer)
    {
        if (subject is null)
            return [];
        var length = Label.Length + systemId.Length + sizeof(int) + Encoding.UTF8.GetByteCount(subject) + covered.Length;
        var written = length <= buffer.Length ? buffer[..length] : new byte[length];
        Label.CopyTo(written);
        systemId.CopyTo(written[Label.Length..]);
        var at = Label.Length + systemId.Length + sizeof(int);
        var size = Encoding.UTF8.GetBytes(subject, written[at..]);
        BinaryPrimitives.WriteInt32LittleEndian(written[(at - sizeof(int))..], size);
        covered.CopyTo(written[(at + size)..]);
        return written;
    }
}
