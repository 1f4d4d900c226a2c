namespace Osapi.Controller.Audit;

/// <summary>The end of a chain's files, from which writing goes on.</summary>
/// <param name="Number">The number of the last entry; 0 for an empty chain.</param>
/// <param name="Hash">The hash of its line.</param>
/// <param name="Length">The length of the last file up to the end of the last complete line.</param>
/// <param name="Torn">The bytes after it.</param>
internal sealed record AuditTail(long Number, string Hash, long Length, long Torn)
{
    /// <summary>Finds the end of a chain.</summary>
    public static AuditTail Find(AuditFiles files, string chain)
    {
        AuditTail tail = new(0, AuditLine.NoHash, 0, 0);
        var segments = files.Segments(chain);
        // An empty last file was created and not written to.
        foreach (var segment in segments.Reverse())
        {
            tail = tail with { Number = segment.First - 1 };
            var isLast = segment == segments[^1];
            foreach (var (line, isTorn) in AuditLines.Forward(segment.Path))
                tail = isTorn ? tail with { Torn = isLast ? line.Length : 0 } : tail with
                {
                    // What was changed keeps its place, for the verification to find.
                    Number = AuditLine.TryRead(line, out var read) && read.Number > tail.Number ? read.Number : tail.Number + 1,
                    Hash = AuditLine.HashOf(line.Span),
                    Length = isLast ? tail.Length + line.Length + 1 : 0,
                };
            if (tail.Number >= segment.First)
                break;
        }

        return tail;
    }
}
