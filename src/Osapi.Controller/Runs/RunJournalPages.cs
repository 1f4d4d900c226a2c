using Osapi.Operations.Runs;
using Osapi.Transport;
using Osapi.Transport.Runs;

namespace Osapi.Controller.Runs;

/// <summary>Reads the journal of a run for callers.</summary>
internal sealed class RunJournalPages(ITransport transport)
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Reads a page: at most 1 MiB, and at least one message.</summary>
    /// <param name="run">The run.</param>
    /// <param name="after">Only messages after this position.</param>
    /// <param name="limit">The maximum number of messages.</param>
    /// <param name="maySeeContent">True for a caller who sees the results of tasks.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<JournalPage> ReadAsync(JournalState run, long after, int limit, bool maySeeContent, CancellationToken cancellationToken)
    {
        List<JournalBatch> items = [];
        var bytes = 0L;
        // What is older belongs to another run of the id.
        var position = Math.Max(after, run.Start - 1);
        while (true)
        {
            var messages = await transport.ReadAsync(StreamName.Runs, RunSubjects.Journal(run.Id), position, Math.Min(limit, 100), cancellationToken);
            if (messages.Count == 0)
                return new() { Items = items };
            foreach (var message in messages)
            {
                var batch = JournalState.Read(message) is { } read ? BatchOf(message, read, maySeeContent) : null;
                var size = message.Payload.Length;
                if (items.Count > 0 && (items.Count == limit || bytes + size > MaxBytes))
                    return new() { Items = items, NextAfter = items[^1].Position };
                position = message.Sequence;
                if (batch is null)
                    continue;
                items.Add(batch);
                bytes += size;
            }
        }
    }

    private static JournalBatch BatchOf(Message message, RunMessage read, bool maySeeContent) => new()
    {
        Position = message.Sequence,
        Timestamp = message.Time,
        Runner = read.Head is null ? read.Runner : read.Head.Runner,
        Entries = [.. read.Entries.Where(entry => entry.Kind != JournalEntryKind.Unknown).Select(entry => maySeeContent ? entry : entry with { Data = null, Reason = null })],
    };
}
