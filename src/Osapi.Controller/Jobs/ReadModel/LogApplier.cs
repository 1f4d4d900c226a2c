using System.Threading.Channels;
using Osapi.Controller.Jobs.Active;
using Osapi.Transport;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>Applies the messages of the log to the jobs in memory, wakes the callers that wait for them, and hands them on to the read model.</summary>
internal sealed class LogApplier(JobIndex index, ActiveJobs activeJobs, IndexWriter writer, IndexBacklog backlog)
{
    /// <summary>The maximum number of messages that are handed on together.</summary>
    public const int BatchSize = 500;

    /// <summary>Applies messages until there are no more.</summary>
    public async Task RunAsync(ChannelReader<Message> received, CancellationToken cancellationToken)
    {
        while (await received.WaitToReadAsync(cancellationToken))
        {
            LogBatch batch = new(index, activeJobs);
            while (batch.Messages.Count < BatchSize && received.TryRead(out var message))
            {
                var entry = JobLogEntry.Read(message);
                if (batch.NeedsIndex(entry))
                {
                    batch = await HandOnAsync(batch, cancellationToken);
                    await backlog.DrainAsync(cancellationToken);
                }

                await writer.RunAsync(() => batch.Add(entry), cancellationToken);
            }

            var deletes = batch.Deletes;
            await HandOnAsync(batch, cancellationToken);
            if (deletes)
                await backlog.DrainAsync(cancellationToken);
        }
    }

    private async Task<LogBatch> HandOnAsync(LogBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Messages.Count == 0)
            return batch;
        batch.Wake();
        await backlog.AddAsync(batch, cancellationToken);
        return new(index, activeJobs);
    }
}
