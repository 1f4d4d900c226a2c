using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Agent.Outputs;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs.Outputs;

namespace Osapi.Agent.Jobs;

/// <summary>Publishes the ends of jobs that this agent started, so that none is lost with the agent.</summary>
/// <remarks>
/// The ledger has an end before a log that may be away. A log on this disk is as durable as the ledger and has it first, which
/// costs one flush of the disk instead of two; an agent that is killed in between leaves the end in the log.
/// </remarks>
internal sealed partial class JobEndPublisher(ITransport transport, Ledger ledger, JobStatePublisher states, AgentIdentity identity, ILogger logger, CancellationToken giveUp)
{
    /// <summary>Publishes the end of a job that ran.</summary>
    public async Task PublishAsync(ReceivedJob job, StartedJob start, ReadOnlyMemory<byte> entry, JobSpool? spool)
    {
        // On the disk before the ledger refers to it, so that the next run of the agent can go on.
        spool?.Flush();
        if (!job.IsReadOnly && ledger.Find(job.Id) is { Phase: LedgerPhase.Claimed })
        {
            if (transport.AppendsAtOnce && spool is null or { IsEmpty: true } && await states.TryEndAsync(start.Log, identity.Start, entry))
            {
                ledger.PublishedFirst(job.Id);
                return;
            }

            await RecordAsync(job, entry);
        }

        await EndAsync(start, entry, spool is null ? null : await spool.StoreAsync());
        if (ledger.Find(job.Id) is { Phase: LedgerPhase.Finished })
            ledger.Published(job.Id);
        spool?.Unlink();
        HeapTrimmer.Released(entry.Length);
    }

    /// <summary>Publishes an end, until it is in the log.</summary>
    public Task EndAsync(StartedJob start, ReadOnlyMemory<byte> entry, StoredOutput? output) => states.EndAsync(start.Log, identity.Start, entry, output, giveUp);

    private async Task RecordAsync(ReceivedJob job, ReadOnlyMemory<byte> entry)
    {
        try
        {
            await ledger.RecordFinishAsync(job.Id, entry, CancellationToken.None);
        }
        catch (LedgerException exception)
        {
            // The claim is recorded, so the job never runs again; its result can still be published.
            LogNotRecorded(job.Id, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} ended, but the ledger cannot be written; if the agent stops before publishing the result, the outcome is unknown: {Reason}")]
    private partial void LogNotRecorded(JobId jobId, string reason);
}
