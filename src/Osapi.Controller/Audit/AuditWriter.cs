using Osapi.Operations.Audit;

namespace Osapi.Controller.Audit;

/// <summary>Writes the files of a chain, on one thread.</summary>
/// <remarks>After a failure everything since the last flush is removed, because the kernel may have dropped any of it; the entries count as lost.</remarks>
internal sealed class AuditWriter : IDisposable
{
    private readonly AuditFiles files;
    private readonly AuditKeys keys;
    private readonly AuditLimits limits;
    private readonly TimeProvider time;
    private readonly List<ReadOnlyMemory<byte>> buffers = [];
    private FileStream? file;
    private DateTimeOffset begun;
    private (long Number, string Hash, long Length) written;
    private (long Number, string Hash, long Length) durable;
    private bool mustTruncate;

    public AuditWriter(AuditFiles files, AuditKeys keys, AuditLimits limits, TimeProvider time)
    {
        (this.files, this.keys, this.limits, this.time) = (files, keys, limits, time);
        var tail = AuditTail.Find(files, files.Own);
        Torn = tail.Torn;
        written = durable = (tail.Number, tail.Hash, tail.Length);
        if (files.Segments(files.Own) is not [.., var last])
            return;
        file = AuditFiles.Open(last);
        begun = FirstTime(last) ?? time.GetUtcNow();
        mustTruncate = Torn > 0;
    }

    /// <summary>The bytes of a torn last line that were found.</summary>
    public long Torn { get; }

    /// <summary>The number of entries that were written and may be lost yet.</summary>
    public long Unflushed => written.Number - durable.Number;

    public AuditHead Head => new(files.Own, written.Number, written.Hash);

    /// <summary>Writes entries, and flushes them if somebody waits.</summary>
    public void Write(IReadOnlyList<PendingAudit> batch)
    {
        Restore();
        Rotate();
        foreach (var pending in batch)
        {
            Add(pending);
            pending.Place = Head;
        }

        Write();
        if (batch.Any(pending => pending.IsAwaited || pending.Entry is { Kind: AuditKind.Lost }))
            Flush();
    }

    /// <summary>Forgets what is not durable.</summary>
    public void Forget()
    {
        written = durable;
        buffers.Clear();
        mustTruncate = true;
    }

    public void Flush()
    {
        if (file is null || written == durable)
            return;
        RandomAccess.FlushToDisk(file.SafeFileHandle);
        durable = written;
    }

    public void Dispose() => file?.Dispose();

    private void Add(PendingAudit pending)
    {
        if (pending.Entry is not { } entry)
            return;
        if (pending.ContinuesAfterHead && entry.Head is { } head)
        {
            if (head.Number <= written.Number)
                return;
            entry = entry with { Count = head.Number - written.Number };
            (written.Number, written.Hash) = (head.Number, head.Hash);
        }

        Add(entry);
    }

    private void Add(AuditEntry entry)
    {
        var line = AuditLine.Write(files.Own, written.Number + 1, written.Hash, keys.Present, keys.Find(keys.Present)!, entry);
        buffers.Add(line);
        (written.Number, written.Hash) = (written.Number + 1, AuditLine.HashOf(line.AsSpan(..^1)));
    }

    private void Write()
    {
        if (buffers.Count == 0)
            return;
        RandomAccess.Write(file!.SafeFileHandle, buffers, written.Length);
        written.Length += buffers.Sum(line => (long)line.Length);
        buffers.Clear();
    }

    private void Restore()
    {
        if (!mustTruncate || file is null)
            return;
        RandomAccess.SetLength(file.SafeFileHandle, durable.Length);
        RandomAccess.FlushToDisk(file.SafeFileHandle);
        mustTruncate = false;
    }

    private void Rotate()
    {
        var now = time.GetUtcNow();
        if (file is not null && written.Length < limits.SegmentBytes && now - begun < limits.SegmentTime)
            return;
        if (file is not null && written.Length == 0)
        {
            begun = now;
            return;
        }

        Flush();
        var next = files.Create(files.Own, written.Number + 1);
        file?.Dispose();
        (file, begun, written.Length) = (next, now, 0);
        durable = written;
        Prune(now);
    }

    private void Prune(DateTimeOffset now)
    {
        var segments = files.Segments(files.Own);
        var size = segments.Sum(segment => new FileInfo(segment.Path).Length);
        var (count, isLarge) = (0, false);
        // The last file is written to; the one before it is complete.
        for (; count < segments.Count - 2; count++)
        {
            isLarge = size > limits.MaxBytes;
            if (!isLarge && (FirstTime(segments[count + 1]) is not { } end || now - end < limits.KeepFor))
                break;
            size -= new FileInfo(segments[count].Path).Length;
        }

        if (count == 0)
            return;
        var (first, next) = (segments[0], segments[count]);
        if (FirstOf(next) is not { } following)
            return;
        Add(new AuditEntry
        {
            Timestamp = now,
            Kind = AuditKind.Checkpoint,
            Count = next.First - first.First,
            Head = new(files.Own, next.First - 1, following.Previous),
            Detail = isLarge ? $"entries were removed because the files had more than {limits.MaxBytes} bytes" : $"entries were removed because they were older than {limits.KeepFor.TotalDays:0.#} days",
        });
        Write();
        // The checkpoint first: without it the entries would be missing.
        Flush();
        foreach (var segment in segments.Take(count))
            File.Delete(segment.Path);
    }

    private DateTimeOffset? FirstTime(AuditSegment segment) => FirstOf(segment) is { } line ? line.Parse(files.Own)?.Timestamp : null;

    private static AuditLine? FirstOf(AuditSegment segment) =>
        AuditLines.Forward(segment.Path).Select(line => AuditLine.TryRead(line.Line, out var read) ? read : default(AuditLine?)).FirstOrDefault();
}
