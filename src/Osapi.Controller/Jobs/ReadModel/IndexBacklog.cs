using System.Threading.Channels;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>
/// The messages that were applied to the jobs in memory and are not yet in the read model. They are written in few
/// commits: callers do not wait for them, and queries ask for one.
/// </summary>
internal sealed class IndexBacklog(JobIndex index, IndexWriter writer, IndexProgress progress, LogMarkers markers, SkippedMessages skipped)
{
    private const int MaxBatches = 4;
    private const int MaxMessages = 1000;

    // Short enough that streams of events need not ask for a commit.
    private static readonly TimeSpan CommitDelay = TimeSpan.FromMilliseconds(5);

    private readonly Channel<LogBatch> batches = Channel.CreateBounded<LogBatch>(new BoundedChannelOptions(MaxBatches) { SingleReader = true, SingleWriter = true });
    private long last;

    /// <summary>Adds a batch; waits while too many are waiting.</summary>
    public async Task AddAsync(LogBatch batch, CancellationToken cancellationToken)
    {
        last = batch.Messages[^1].Sequence;
        if (!batches.Writer.TryWrite(batch))
            await batches.Writer.WriteAsync(batch, cancellationToken);
    }

    /// <summary>Waits until the read model has everything that was added.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        for (var advance = progress.Advance; progress.Position < last; advance = progress.Advance)
            await advance.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the additions.</summary>
    public void Complete() => batches.Writer.TryComplete();

    /// <summary>Writes batches until the additions have ended.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await batches.Reader.WaitToReadAsync(cancellationToken))
        {
            await progress.WaitForMoreAsync(CommitDelay, cancellationToken);
            batches.Reader.TryRead(out var batch);
            while (batch!.Messages.Count < MaxMessages && batches.Reader.TryRead(out var later))
                batch.Add(later);
            index.ThrowIfDamaged();
            await writer.CommitAsync(() => index.Apply(batch.Messages, batch.Touched), cancellationToken);
            Publish(batch);
        }
    }

    private void Publish(LogBatch batch)
    {
        var reached = batch.Messages[^1].Sequence;
        // A query that has waited for the position finds its jobs released, too.
        batch.Publish();
        progress.Set(reached);
        writer.Reach(reached);
        progress.Wake();
        foreach (var (message, _, _) in batch.Messages)
        {
            if (message.SkipReason is { } reason)
                skipped.Add("jobs", message.Executor ?? message.JobId?.ToString() ?? "", message.Message.Subject, message.Message.Sequence, reason);
            markers.Observe(message.Message.Subject);
        }
    }
}
