using System.Buffers.Binary;
using System.Numerics;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>
/// A record in the file: its length, the checksum of the length, the checksum of the record, the record. The length has a
/// checksum of its own because a wrong length would make everything after it look like one unfinished record.
/// </summary>
internal static class LedgerFrame
{
    public const int HeaderSize = 3 * sizeof(uint);

    public static byte[] Of(LedgerRecord record)
    {
        var frame = GC.AllocateUninitializedArray<byte>(checked(HeaderSize + record.Size));
        var header = frame.AsSpan(0, HeaderSize);
        var content = frame.AsSpan(HeaderSize);
        record.Write(content);
        BinaryPrimitives.WriteInt32LittleEndian(header, content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Checksum(header[..4]));
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Checksum(content));
        return frame;
    }

    /// <summary>The length and the checksum of the record behind a header; false when the header itself is damaged.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, out int length, out uint checksum)
    {
        length = BinaryPrimitives.ReadInt32LittleEndian(header);
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        return length > 0 && BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == Checksum(header[..4]);
    }

    /// <summary>CRC32C, which processors compute.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var octet in bytes)
            checksum = BitOperations.Crc32C(checksum, octet);
        return ~checksum;
    }
}
