namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>Reads a ledger's file.</summary>
/// <remarks>
/// A crash can leave an incomplete record or unwritten space at the end, which counts as not written. Any other
/// unreadable content is damage, and refused.
/// </remarks>
internal static class LedgerReader
{
    /// <summary>Passes every complete record of the file to <paramref name="apply"/>; returns the end of the last one.</summary>
    public static long Read(FileStream file, Action<LedgerRecord> apply)
    {
        file.Position = 0;
        var fileEnd = file.Length;
        var header = new byte[LedgerFrame.HeaderSize];
        for (long offset = 0; ;)
        {
            if (fileEnd - offset < header.Length)
                return offset;
            file.ReadExactly(header);
            if (!LedgerFrame.TryReadHeader(header, out var length, out var checksum))
                return IsBlank(file, offset) ? offset : throw new LedgerCorruptException(file.Name, offset, "the length of a record has a wrong checksum");
            var end = offset + header.Length + length;
            if (end > fileEnd)
                return offset;
            var content = GC.AllocateUninitializedArray<byte>(length);
            file.ReadExactly(content);
            if (LedgerFrame.Checksum(content) != checksum)
                return end == fileEnd ? offset : throw new LedgerCorruptException(file.Name, offset, "a record has a wrong checksum and more follows it");
            if (!LedgerRecord.TryRead(content, out var record))
                throw new LedgerCorruptException(file.Name, offset, "an incomplete record");
            if ((record.Kind == LedgerRecordKind.Identity) != (offset == 0))
                throw new LedgerCorruptException(file.Name, offset, "the id of the ledger is not its first record");
            apply(record);
            offset = end;
        }
    }

    private static bool IsBlank(FileStream file, long offset)
    {
        file.Position = offset;
        var buffer = new byte[64 * 1024];
        for (int read; (read = file.Read(buffer)) > 0;)
            if (buffer.AsSpan(0, read).ContainsAnyExcept((byte)0))
                return false;
        return true;
    }
}
