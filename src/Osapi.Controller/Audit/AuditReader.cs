using Osapi.Operations.Audit;

namespace Osapi.Controller.Audit;

/// <summary>Reads the entries of all chains that this controller has.</summary>
internal sealed class AuditReader(AuditFiles files)
{
    /// <summary>The maximum number of entries that one page looks at; the next page goes on from there.</summary>
    public const int MaxScanned = 200_000;

    /// <summary>Reads a page, the newest entries first.</summary>
    public AuditPage Page(ListAudit request, int limit, AuditCursor cursor, CancellationToken cancellationToken)
    {
        List<ChainReader> chains = [];
        try
        {
            foreach (var chain in files.Chains())
                if (cursor.Before(chain) is { } before)
                    chains.Add(new(chain, Backward(chain, before).GetEnumerator()));
            return Page(request, limit, chains, cancellationToken);
        }
        finally
        {
            foreach (var chain in chains)
                chain.Entries.Dispose();
        }
    }

    /// <summary>Finds an entry; null when it is not kept.</summary>
    public AuditEntry? Find(string chain, long number) =>
        files.Chains().Contains(chain) ? Backward(chain, number + 1).FirstOrDefault() is { } entry && entry.Number == number ? entry : null : null;

    /// <summary>Reads all entries of all chains in order, one chain after the other.</summary>
    public IEnumerable<AuditEntry> All() => files.Chains().SelectMany(Forward);

    /// <summary>Counts the entries that are kept.</summary>
    public long Count() => files.Chains().Sum(chain => files.Segments(chain) is [var first, ..] ? Math.Max(0, (Backward(chain, long.MaxValue).FirstOrDefault()?.Number ?? 0) - first.First + 1) : 0);

    private IEnumerable<AuditEntry> Forward(string chain) =>
        files.Segments(chain).SelectMany(segment => AuditLines.Forward(segment.Path).Where(line => !line.IsTorn).Select(line => Parse(chain, line.Line)).OfType<AuditEntry>());

    // What was changed is left out here, and found by the verification.
    private IEnumerable<AuditEntry> Backward(string chain, long before) =>
        files.Segments(chain).Reverse().Where(segment => segment.First < before).SelectMany(segment => AuditLines.Backward(segment.Path))
            .Where(line => AuditLine.TryRead(line, out var read) && read.Number < before).Select(line => Parse(chain, line)).OfType<AuditEntry>();

    private static AuditEntry? Parse(string chain, ReadOnlyMemory<byte> line) => AuditLine.TryRead(line, out var read) ? read.Parse(chain) : null;

    private static AuditPage Page(ListAudit request, int limit, List<ChainReader> chains, CancellationToken cancellationToken)
    {
        List<AuditEntry> found = [];
        var skip = request.Offset ?? 0;
        foreach (var chain in chains)
            chain.Advance();
        for (var scanned = 0; ; scanned++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (chains.Where(chain => chain.Next is not null).MaxBy(chain => chain.Next!.Timestamp) is not { } newest)
                return new(found, null);
            if (found.Count == limit || scanned == MaxScanned)
                return new(found, AuditCursor.Of(chains.Where(chain => chain.Next is not null).Select(chain => (chain.Name, chain.Next!.Number!.Value + 1))));
            if (request.Matches(newest.Next!) && skip-- <= 0)
                found.Add(newest.Next!);
            newest.Advance();
        }
    }

    private sealed class ChainReader(string name, IEnumerator<AuditEntry> entries)
    {
        public string Name => name;

        public IEnumerator<AuditEntry> Entries => entries;

        public AuditEntry? Next { get; private set; }

        public void Advance() => Next = entries.MoveNext() ? entries.Current : null;
    }
}

/// <summary>A page of entries.</summary>
/// <param name="Items">The entries.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
internal sealed record AuditPage(IReadOnlyList<AuditEntry> Items, string? Next);
