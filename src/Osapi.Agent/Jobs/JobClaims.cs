using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Agent.Registration;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>Decides whether this session runs a job: claims its start in the log, then records the claim in the ledger.</summary>
internal sealed partial class JobClaims(ITransport transport, Ledger ledger, JobStatePublisher states, AgentIdentity identity, NameLeaseMonitor name, ILogger logger)
{
    /// <summary>The error of a job that an earlier run claimed and whose execution the ledger does not show.</summary>
    public const string UnknownOutcomeError = "the agent stopped after it claimed the job; it is unknown whether the job ran, and it is not run again";

    /// <summary>Claims the job in the log; null when it is not this agent's, or when it must not start any more.</summary>
    public async Task<StartedJob?> StartAsync(ReceivedJob job, CancellationToken stopping)
    {
        // An agent that was suspended may have lost its name to another one, and must not run anything.
        await name.ConfirmAsync(stopping);
        var log = states.Open(job.Id, job.Executor);
        await states.AppendAsync(log, IsExpired(job) ? new() { Kind = JobEventKind.Expired } : identity.Start, static state => state is null, stopping);
        if (IsOwn(job, log) is not { } start)
            return null;
        if (start.Session == identity.Session)
            return new(log);
        if (!identity.IsOwnSession(start.Session))
        {
            // That session may have run it. While this agent owns the name, that session is not running any more.
            name.RequireCheck();
            await name.ConfirmAsync(stopping);
            return new(log, IsOfEarlierRun: true);
        }

        if (!CanResume(job, start))
            return new(log, IsOfEarlierRun: true);
        // Claim it again for this session, so that no controller marks it lost while it runs; the append decides a race.
        await states.AppendAsync(log, identity.Start, state => state == start, stopping);
        if (IsOwn(job, log) is not { } again)
            return null;
        return again.Session != identity.Session
            ? new(log, IsOfEarlierRun: true)
            // A started job is cancelled through its host only, which may have received the cancel while it was down.
            : new(log, IsCancelled: await states.IsCancelledAsync(job.Id, identity.Key, stopping));
    }

    // A start of this agent without a claim in the ledger.
    private JobEvent? IsOwn(ReceivedJob job, ExecutorLog log) =>
        log.Fold.State?.Event is { Kind: JobEventKind.Start or JobEventKind.Lost } state && state.Ledger == identity.Ledger
        && HostKey.Of(state.Host!) == identity.Key && ledger.Find(job.Id) is null or { Phase: LedgerPhase.Intent }
            ? state
            : null;

    // Decides whether this session runs a job that an earlier one started but, according to the ledger, did not run.
    private bool CanResume(ReceivedJob job, JobEvent start) => start.Kind == JobEventKind.Start && !IsExpired(job);

    /// <summary>Gets the reason not to run a started job; null when it is claimed in the ledger, and must be run.</summary>
    public async Task<HostReply?> RefusalAsync(ReceivedJob job, StartedJob start, CancellationToken cancelled)
    {
        if (start.IsOfEarlierRun)
            return identity.Ended(Outcome.Unknown, ErrorType.Unknown, UnknownOutcomeError);
        if (start.State.Kind == JobEventKind.Lost || IsExpired(job))
            return identity.Ended(Outcome.Expired, ErrorType.Expired, $"not started within {job.StartWithin.TotalSeconds:0.###} s of the request");
        if (start.IsCancelled || cancelled.IsCancellationRequested)
            return identity.Ended(Outcome.Cancelled, ErrorType.Cancelled, "cancelled before it ran");
        if (job.IsReadOnly)
            return null;
        try
        {
            await ledger.RecordClaimAsync(job.Id, job.Executor, job.Operation, start.Sequence, CancellationToken.None);
            return null;
        }
        catch (LedgerException exception)
        {
            LogNotClaimed(job.Id, exception.Message);
            return identity.Ended(Outcome.Failed, ErrorType.Unavailable, $"not run, because the agent's ledger cannot be written: {exception.Message}");
        }
    }

    /// <summary>Removes the intent of a job that does not run.</summary>
    public void Forget(ReceivedJob job)
    {
        if (ledger.Find(job.Id) is { Phase: LedgerPhase.Intent })
            ledger.Forget(job.Id);
    }

    private bool IsExpired(ReceivedJob job) => job.IsOver || transport.ServerNow > job.Deadline;

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} was not run: the ledger cannot be written: {Reason}")]
    private partial void LogNotClaimed(JobId jobId, string reason);
}
