using System.Buffers.Binary;

namespace Osapi.Transport.Jobs.Outputs;

/// <summary>A part of an output that a host sends to a reader: the offset, then the bytes.</summary>
public static class OutputPart
{
    /// <summary>The maximum number of bytes of a part, far below what any broker takes.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>The length of the offset before the bytes.</summary>
    public const int HeaderLength = sizeof(long);

    /// <summary>Writes the offset before the bytes.</summary>
    public static void WriteOffset(Span<byte> part, long offset) => BinaryPrimitives.WriteInt64LittleEndian(part, offset);

    /// <summary>Gets the bytes of a part at an offset, which anybody may have sent; empty for any other part.</summary>
    public static ReadOnlyMemory<byte> BytesAt(ReadOnlyMemory<byte> part, long offset) =>
        part.Length is > HeaderLength and <= HeaderLength + MaxLength && BinaryPrimitives.ReadInt64LittleEndian(part.Span) == offset ? part[HeaderLength..] : default;
}
