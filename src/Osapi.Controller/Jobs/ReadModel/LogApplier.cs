using Osapi.Controller.Jobs.Active;
using Osapi.Transport;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>Applies the messages of the log to the jobs in memory, wakes the callers that wait for them, and hands them on to the read model.</summary>
/// <remarks>Messages that are there together are handed on together.</remarks>
internal sealed class LogApplier(JobIndex index, ActiveJobs activeJobs, IndexWriter writer, IndexBacklog backlog)
{
    /// <summary>The maximum number of messages that are handed on together.</summary>
    public const int BatchSize = 500;

    private LogBatch batch = new(index, activeJobs);

    /// <summary>Applies messages until there are no more.</summary>
    /// <param name="follow">Follows the log.</param>
    /// <param name="reading">Ends the reading of the log; it is cancelled when the application fails.</param>
    /// <param name="cancellationToken">Ends the application.</param>
    public async Task RunAsync(Func<CancellationToken, IAsyncEnumerable<Message>> follow, CancellationTokenSource reading, CancellationToken cancellationToken)
    {
        await using var messages = follow(reading.Token).GetAsyncEnumerator(reading.Token);
        var waiting = Task.FromResult(true);
        try
        {
            while (true)
            {
                waiting = messages.MoveNextAsync().AsTask();
                if (!waiting.IsCompleted)
                    await HandOnAsync(cancellationToken);
                if (!await waiting)
                    break;
                await ApplyAsync(JobLogEntry.Read(messages.Current), cancellationToken);
            }

            await HandOnAsync(cancellationToken);
        }
        finally
        {
            // An enumerator that is under way cannot be disposed.
            if (!waiting.IsCompleted)
                await reading.CancelAsync();
            await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask ApplyAsync(JobLogEntry entry, CancellationToken cancellationToken)
    {
        if (batch.NeedsIndex(entry))
        {
            await HandOnAsync(cancellationToken);
            await backlog.DrainAsync(cancellationToken);
        }

        await writer.RunAsync(() => batch.Add(entry), cancellationToken);
        if (batch.Messages.Count == BatchSize)
            await HandOnAsync(cancellationToken);
    }

    private async ValueTask HandOnAsync(CancellationToken cancellationToken)
    {
        var full = batch;
        if (full.Messages.Count == 0)
            return;
        batch = new(index, activeJobs);
        full.Wake();
        await backlog.AddAsync(full, cancellationToken);
        if (full.Deletes)
            await backlog.DrainAsync(cancellationToken);
    }
}
