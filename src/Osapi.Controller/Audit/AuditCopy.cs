using Osapi.Operations.Audit;

namespace Osapi.Controller.Audit;

/// <summary>The copy of another controller's chain, line by line.</summary>
internal sealed class AuditCopy : IDisposable
{
    private readonly AuditFiles files;
    private readonly string chain;
    private readonly AuditLimits limits;
    private FileStream? file;
    private long length;
    private string hash;

    public AuditCopy(AuditFiles files, string chain, AuditLimits limits)
    {
        (this.files, this.chain, this.limits) = (files, chain, limits);
        var tail = AuditTail.Find(files, chain);
        (Last, hash, length) = (tail.Number, tail.Hash, tail.Length);
        if (files.Segments(chain) is not [.., var segment])
            return;
        file = AuditFiles.Open(segment);
        RandomAccess.SetLength(file.SafeFileHandle, length);
    }

    /// <summary>The number of the last entry.</summary>
    public long Last { get; private set; }

    /// <summary>True when there are entries other than anchors that no anchor vouches for yet: two controllers would vouch for each other's anchors for ever.</summary>
    public bool NeedsAnchor { get; set; }

    /// <summary>The head of the copy.</summary>
    public AuditHead Head => new(chain, Last, hash);

    /// <summary>Adds a line that follows the last one; others are passed over.</summary>
    /// <returns>The number of entries that are missing before it; null when the line was passed over.</returns>
    public long? Add(AuditLine line, ReadOnlyMemory<byte> bytes, DateTimeOffset now)
    {
        if (line.Number <= Last)
            return null;
        var missing = Last == 0 ? 0 : line.Number - Last - 1;
        // A gap begins another file, which the verification lets begin anywhere.
        if (file is null || length >= limits.SegmentBytes || missing > 0)
        {
            var next = files.Create(chain, line.Number);
            file?.Dispose();
            (file, length) = (next, 0);
            Prune(now);
        }

        RandomAccess.Write(file.SafeFileHandle, bytes.Span, length);
        length += bytes.Length;
        (Last, hash) = (line.Number, AuditLine.HashOf(bytes.Span[..^1]));
        NeedsAnchor |= line.Entry.Span.IndexOf("\"kind\":\"anchor\""u8) < 0;
        return missing;
    }

    public void Flush()
    {
        if (file is not null)
            RandomAccess.FlushToDisk(file.SafeFileHandle);
    }

    public void Dispose() => file?.Dispose();

    private void Prune(DateTimeOffset now)
    {
        var segments = files.Segments(chain);
        var size = segments.Sum(segment => new FileInfo(segment.Path).Length);
        for (var i = 0; i < segments.Count - 2; i++)
        {
            FileInfo old = new(segments[i].Path);
            if (size <= limits.MaxBytes && now - old.LastWriteTimeUtc < limits.KeepFor)
                return;
            size -= old.Length;
            old.Delete();
        }
    }
}
