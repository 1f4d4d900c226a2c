using System.Buffers.Binary;
using System.Numerics;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>The format of a record in the file: length, checksum of the length, checksum of the record, record.</summary>
/// <remarks>
/// The length has its own checksum because a wrong length would make everything after it look like one unfinished
/// record.
/// </remarks>
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

    /// <summary>Reads the length and the checksum from a header; false when the header itself is damaged.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, out int length, out uint checksum)
    {
        length = BinaryPrimitives.ReadInt32LittleEndian(header);
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        return length > 0 && BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == Checksum(header[..4]);
    }

    /// <summary>Computes CRC32C, which processors support.</summary>
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
