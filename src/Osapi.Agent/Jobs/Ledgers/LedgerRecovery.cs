using Microsoft.Extensions.Logging;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Processes;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>
/// Publishes the results that the ledger has from earlier runs, before the agent takes new work. It runs no job that
/// may have run.
/// </summary>
internal sealed partial class LedgerRecovery(Ledger ledger, JobStatePublisher states, AgentIdentity identity, Host host, ILogger logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var job in ledger.Open)
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
            await states.EndAsync(log, identity.Start, UnknownOutcome(), cancellationToken);
        ledger.Forget(job.JobId);
    }

    // The result of a claimed job was never recorded: the job may have run in part.
    private async Task SettleClaimAsync(LedgerJob job, CancellationToken cancellationToken)
    {
        // An "unknown" outcome must not hide processes that are still running.
        await host.EndLeftoversAsync(ProcessMarker.Of(job.JobId, identity.Ledger));
        try
        {
            await ledger.RecordFinishAsync(job.JobId, Unknown(), cancellationToken);
        }
        catch (LedgerException exception)
        {
            // A full disk must not keep the agent from publishing; the next run finds the claim again.
            LogNotRecorded(job.JobId, exception.Message);
        }

        await PublishAsync(job, Unknown(), cancellationToken);
    }

    private async Task PublishAsync(LedgerJob job, ReadOnlyMemory<byte> entry, CancellationToken cancellationToken)
    {
        await states.EndAsync(states.Open(job.JobId, job.Executor, identity.Start, job.StartSequence), identity.Start, entry, cancellationToken);
        if (ledger.Find(job.JobId) is { Phase: LedgerPhase.Finished })
            ledger.Published(job.JobId);
    }

    private ReadOnlyMemory<byte> Unknown() => JobEntries.Bytes(new()
    {
        Hostname = identity.Hostname,
        Outcome = Outcome.Unknown,
        Error = "the agent stopped while it ran; it is unknown whether the job finished, and it is not run again",
        ErrorType = ErrorType.Unknown,
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
