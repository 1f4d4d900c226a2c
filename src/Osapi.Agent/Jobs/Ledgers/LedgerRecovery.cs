using Microsoft.Extensions.Logging;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Outputs;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>
/// Publishes the results that the ledger has from earlier runs, before the agent takes new work. It runs no job that
/// may have run.
/// </summary>
internal sealed partial class LedgerRecovery(Ledger ledger, JobStatePublisher states, OutputSpools spools, AgentIdentity identity, Host host, ILogger logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var unfinished = ledger.Open;
        spools.Clean(unfinished.Select(job => job.JobId).ToHashSet());
        foreach (var job in unfinished)
            await (job.Phase switch
            {
                LedgerPhase.Intent => SettleIntentAsync(job, cancellationToken),
                LedgerPhase.Claimed => SettleClaimAsync(job, cancellationToken),
                _ => PublishAsync(job, job.Entry!.Value, cancellationToken),
            });
    }

    // The intent was recorded before the claim. If the start is in the log, the job is this agent's; its command is
    // gone with the queue's message, so it ends here. It never ran, unless this ledger is an older copy.
    private async Task SettleIntentAsync(LedgerJob job, CancellationToken cancellationToken)
    {
        var log = states.Open(job.JobId, HostKey.Any);
        await states.ReadAsync(log, cancellationToken);
        if (log.Fold.State?.Event is { Kind: JobEventKind.Start or JobEventKind.Lost } start && start.Ledger == identity.Ledger)
            await states.EndAsync(log, identity.Start, UnknownOutcome(), output: null, cancellationToken);
        ledger.Forget(job.JobId);
    }

    // The result of a claimed job was never recorded: the job may have run in part.
    private async Task SettleClaimAsync(LedgerJob job, CancellationToken cancellationToken)
    {
        // An "unknown" outcome must not hide processes that are still running.
        await host.EndLeftoversAsync(ProcessMarker.Of(job.JobId, identity.Ledger));
        var unknown = Unknown(job);
        try
        {
            await ledger.RecordFinishAsync(job.JobId, unknown, cancellationToken);
        }
        catch (LedgerException exception)
        {
            // A full disk must not keep the agent from publishing; the next run finds the claim again.
            LogNotRecorded(job.JobId, exception.Message);
        }

        await PublishAsync(job, unknown, cancellationToken);
    }

    private async Task PublishAsync(LedgerJob job, ReadOnlyMemory<byte> entry, CancellationToken cancellationToken)
    {
        using var spool = spools.Open(job.JobId, job.Executor);
        // What the command wrote until then, if it was much; the store gets its chunks again.
        var output = spool.Resume() ? await spool.StoreAsync() : null;
        await states.EndAsync(states.Open(job.JobId, job.Executor, identity.Start, job.StartSequence), identity.Start, entry, output, cancellationToken);
        if (ledger.Find(job.JobId) is { Phase: LedgerPhase.Finished })
            ledger.Published(job.JobId);
        spool.Unlink();
    }

    // The output that the command wrote until then is the result, if it was more than a reply holds.
    private ReadOnlyMemory<byte> Unknown(LedgerJob job) => JobEntries.Bytes(new()
    {
        Hostname = identity.Hostname,
        Outcome = Outcome.Unknown,
        Error = "the agent stopped while it ran; it is unknown whether the job finished, and it is not run again",
        ErrorType = ErrorType.Unknown,
        Result = spools.ExcerptOf(job.JobId),
    });

    private ReadOnlyMemory<byte> UnknownOutcome() => JobEntries.Bytes(new()
    {
        Hostname = identity.Hostname,
        Outcome = Outcome.Unknown,
        Error = JobClaims.UnknownOutcomeError,
        ErrorType = ErrorType.Unknown,
    });

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId}: its unknown outcome cannot be recorded in the ledger: {Reason}")]
    private partial void LogNotRecorded(JobId jobId, string reason);
}
