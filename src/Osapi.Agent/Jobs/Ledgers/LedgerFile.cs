namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>The append-only file of records. A failed write or flush leaves no trace in it.</summary>
internal sealed class LedgerFile : IDisposable
{
    private const int BatchSize = 1024 * 1024;

    private readonly FileStream stream;
    private long durable;

    private LedgerFile(FileStream stream) => this.stream = stream;

    /// <summary>The end of the complete records.</summary>
    public long Length { get; private set; }

    /// <summary>True while the file may hold bytes after its last complete record.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>True after a failed flush: only a new file can be trusted.</summary>
    public bool IsSuspect { get; private set; }

    /// <summary>
    /// Opens the file and reads it, creating an empty one if missing. An incomplete record at its end stays until the
    /// next write.
    /// </summary>
    public static LedgerFile Open(string path, Action<LedgerRecord> apply)
    {
        LedgerFile file = new(LedgerDirectory.OpenFile(path, FileMode.OpenOrCreate, FileShare.Read));
        try
        {
            file.Length = file.durable = LedgerReader.Read(file.stream, apply);
            file.IsTorn = file.stream.Length != file.Length;
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes a new file whose content is durable when this returns; its name is not.</summary>
    public static LedgerFile Create(string path, IEnumerable<LedgerRecord> records)
    {
        LedgerFile file = new(LedgerDirectory.OpenFile(path, FileMode.Create, FileShare.Read));
        try
        {
            List<ReadOnlyMemory<byte>> batch = [];
            long size = 0;
            foreach (var record in records)
            {
                var frame = LedgerFrame.Of(record);
                batch.Add(frame);
                if ((size += frame.Length) < BatchSize)
                    continue;
                file.Append(batch);
                batch.Clear();
                size = 0;
            }

            file.Append(batch);
            file.Flush();
            return file;
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    public void Append(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        Restore();
        try
        {
            RandomAccess.Write(stream.SafeFileHandle, frames, Length);
        }
        catch
        {
            TruncateTo(Length);
            throw;
        }

        Length += frames.Sum(frame => (long)frame.Length);
    }

    public void Flush()
    {
        try
        {
            LedgerDisk.Flush(stream.SafeFileHandle);
        }
        catch
        {
            // The kernel may have dropped the unwritten pages, and another flush would then succeed without writing:
            // the file is truncated to the last good flush, and not written to again.
            IsSuspect = true;
            TruncateTo(durable);
            throw;
        }

        durable = Length;
    }

    public void Dispose() => stream.Dispose();

    private void TruncateTo(long length)
    {
        Length = length;
        IsTorn = true;
        try
        {
            Restore();
        }
        catch (IOException)
        {
            // The next write retries first, and fails if it cannot.
        }
    }

    // A refused record must not reappear at the next start, not even after a power cut.
    private void Restore()
    {
        if (!IsTorn)
            return;
        RandomAccess.SetLength(stream.SafeFileHandle, Length);
        LedgerDisk.Flush(stream.SafeFileHandle);
        durable = Length;
        IsTorn = false;
    }
}
