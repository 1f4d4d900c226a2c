using Osapi.Operations.Audit;

namespace Osapi.Controller.Audit;

/// <summary>The verification of one chain.</summary>
/// <param name="Files">The files.</param>
/// <param name="Name">The chain.</param>
/// <param name="Keys">The keys.</param>
/// <param name="IsCopy">True for a copy, which begins where this controller began to copy, and which can have gaps where it was behind.</param>
/// <param name="Report">Reports a problem.</param>
internal sealed record ChainVerification(AuditFiles Files, string Name, AuditKeys Keys, bool IsCopy, Action<string, long, string, string> Report)
{
    private readonly Dictionary<long, HashSet<string>> anchors = [];
    private readonly HashSet<(long Number, string Hash)> checkpoints = [];
    private long highest;
    private long first;
    private long number;
    private long entries;
    private long compared;
    private string hash = AuditLine.NoHash;

    /// <summary>Reads the heads that the chain has of others, and its own checkpoints.</summary>
    public IEnumerable<AuditHead> ReadAnchors(CancellationToken cancellationToken)
    {
        List<AuditHead> found = [];
        foreach (var segment in Files.Segments(Name))
            foreach (var (bytes, _) in AuditLines.Forward(segment.Path))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!bytes.Span.Contains((byte)'{') || !IsAboutHeads(bytes.Span) || !AuditLine.TryRead(bytes, out var line) || !IsAuthentic(line, bytes) || line.Parse(Name) is not { Head: { } head } entry)
                    continue;
                if (entry.Kind == AuditKind.Checkpoint && head.Controller == Name)
                    checkpoints.Add((head.Number, head.Hash));
                else if (entry.Kind == AuditKind.Anchor)
                    found.Add(head);
            }

        return found;
    }

    /// <summary>Adds heads to compare with.</summary>
    public void Add(IEnumerable<AuditHead> heads)
    {
        foreach (var head in heads)
        {
            highest = Math.Max(highest, head.Number);
            if (!anchors.TryGetValue(head.Number, out var hashes))
                anchors[head.Number] = hashes = [];
            hashes.Add(head.Hash);
        }
    }

    /// <summary>Verifies every line.</summary>
    public AuditChainVerdict Verify(CancellationToken cancellationToken)
    {
        var segments = Files.Segments(Name);
        foreach (var segment in segments)
        {
            var isNew = true;
            foreach (var (bytes, isTorn) in AuditLines.Forward(segment.Path))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (isTorn && segment != segments[^1])
                    Report(Name, number + 1, "torn", $"{Path.GetFileName(segment.Path)} ends in the middle of a line");
                else if (!isTorn)
                    Check(bytes, isNew);
                isNew = false;
            }
        }

        if (highest > number && !IsCopy)
            Report(Name, number + 1, "tail", $"the files end with {number}, and a head says that there was {highest}");
        return new(Name, first, number, entries, IsCopy, compared);
    }

    private void Check(ReadOnlyMemory<byte> bytes, bool isFirstOfFile)
    {
        if (!AuditLine.TryRead(bytes, out var line) || !IsAuthentic(line, bytes))
        {
            Report(Name, number + 1, "changed", Keys.Find(line.KeyId ?? "") is null && line.Number > 0 ? $"the line was written with key {line.KeyId}, which is not known here" : "the line was changed, or is none");
            Follow(number + 1, bytes);
            return;
        }

        if (entries == 0)
            CheckBeginning(line);
        else if (line.Number <= number)
            Report(Name, line.Number, "order", $"entry {line.Number} follows {number}");
        else if (line.Number > number + 1 && !(IsCopy && isFirstOfFile))
            Report(Name, number + 1, "missing", $"the entries {number + 1} to {line.Number - 1} are missing");
        else if (line.Number == number + 1 && line.Previous != hash)
            Report(Name, number, "changed", $"entry {number} is not the one that entry {line.Number} follows");
        if (line.Number > number)
            Follow(line.Number, bytes);
    }

    private void CheckBeginning(AuditLine line)
    {
        first = line.Number;
        if (!IsCopy && (line.Number, line.Previous) != (1, AuditLine.NoHash) && !checkpoints.Contains((line.Number - 1, line.Previous)))
            Report(Name, 1, "missing", $"the files begin with {line.Number}, and no checkpoint says that the entries before were removed by the retention");
    }

    private void Follow(long next, ReadOnlyMemory<byte> bytes)
    {
        if (entries++ == 0)
            first = next;
        (number, hash) = (next, AuditLine.HashOf(bytes.Span));
        if (!anchors.TryGetValue(number, out var hashes))
            return;
        compared += hashes.Count;
        if (hashes.Count > 1 || !hashes.Contains(hash))
            Report(Name, number, "anchor", $"entry {number} is not the one that a head in the log or in another chain names");
    }

    private bool IsAuthentic(AuditLine line, ReadOnlyMemory<byte> bytes) => Keys.Find(line.KeyId) is { } key && AuditLine.IsAuthentic(Name, key, bytes.Span);

    private static bool IsAboutHeads(ReadOnlySpan<byte> line) => line.IndexOf("\"kind\":\"anchor\""u8) >= 0 || line.IndexOf("\"kind\":\"checkpoint\""u8) >= 0;
}
