using Microsoft.Extensions.Logging;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Agent.Registration;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>
/// Takes one job through its states on this host: won the start, written down in the ledger, run, written down, told.
/// A job whose claim is in the ledger never runs a second time, whatever died in between.
/// </summary>
/// <param name="transport">Where the states are.</param>
/// <param name="ledger">What this agent must not forget.</param>
/// <param name="execution">Runs operations.</param>
/// <param name="states">Writes states.</param>
/// <param name="identity">Who this agent is.</param>
/// <param name="name">Whether this agent still has its name.</param>
/// <param name="time">The time.</param>
/// <param name="logger">Logs how each job ended, and what went wrong.</param>
/// <param name="giveUp">The agent no longer waits for ends to be written; its next run tells them.</param>
internal sealed partial class JobRunner(
    ITransport transport, Ledger ledger, OperationExecutor execution, JobStatePublisher states, AgentIdentity identity, NameLeaseMonitor name, TimeProvider time, ILogger logger,
    CancellationToken giveUp)
{
    /// <summary>The error of a job that an earlier run took and that its ledger does not know to have run.</summary>
    internal const string NotKnown = "the agent stopped after it took the job; whether it ran cannot be known, and it is not run again";

    private readonly OutputBudget output = OutputBudget.OfThisProcess();

    /// <summary>True when the job has slots that no other job takes.</summary>
    public bool IsQuick(JobCommand command) => execution.IsQuick(command.Operation!);

    /// <summary>A command to this host.</summary>
    public Task RunDirectedAsync(JobCommand command, Message message, CancellationToken cancelled, CancellationToken stopping) =>
        RunAsync(ReceivedJob.Of(command, identity.Key, message.Time, execution), static () => Task.CompletedTask, cancelled, stopping);

    /// <summary>A job for any host that was taken from the queue. It is acknowledged once it is decided whose it is.</summary>
    /// <exception cref="LedgerException">The ledger cannot be written; nothing was taken.</exception>
    public async Task RunAnyAsync(JobCommand command, QueueDelivery delivery, CancellationToken cancelled, CancellationToken stopping)
    {
        var job = ReceivedJob.Of(command, HostKey.Any, delivery.Message.Time, execution);
        // Should this agent die after it won the start and before it wrote the claim, it finds the intent.
        if (!job.IsReadOnly && ledger.Find(job.Id) is null)
            await ledger.RecordIntentAsync(job.Id, job.Operation, stopping);
        await RunAsync(job, () => AcknowledgeAsync(job, delivery), cancelled, stopping);
    }

    private async Task RunAsync(ReceivedJob job, Func<Task> decided, CancellationToken cancelled, CancellationToken stopping)
    {
        if (await StartAsync(job, stopping) is not { } start)
        {
            Forget(job);
            await decided();
        }
        else if (await RefusalAsync(job, start, cancelled) is { } refusal)
        {
            await EndAsync(start, JobEntries.Bytes(refusal));
            Forget(job);
            await decided();
            var outcome = SnakeCaseName.Of(refusal.Outcome);
            LogNotRun(job.Id, job.Operation, outcome);
        }
        else
        {
            await decided();
            await ExecuteAsync(job, start, cancelled);
        }
    }

    // What makes the job this agent's; null when it is not, or when nobody may start it any more.
    private async Task<Started?> StartAsync(ReceivedJob job, CancellationToken stopping)
    {
        // One that was frozen may have lost its name to another, and must not run anything.
        await name.ConfirmAsync(stopping);
        var log = states.Open(job.Id, job.Executor);
        await states.AppendAsync(log, IsLate(job) ? new() { Kind = JobEventKind.Expired } : identity.Start, static state => state is null, stopping);
        if (IsOwn(job, log) is not { } start)
            return null;
        if (start.Session == identity.Session)
            return new(log);
        if (!identity.IsOwnSession(start.Session))
        {
            // A session that may have run it. As long as the name is this agent's, that one is not at work any more.
            name.RequireCheck();
            await name.ConfirmAsync(stopping);
            return new(log, IsOfEarlierRun: true);
        }

        if (!CanResume(job, start))
            return new(log, IsOfEarlierRun: true);
        // In this run's name, so that nobody gives it up for lost while it runs; who was faster is decided by the append.
        await states.AppendAsync(log, identity.Start, state => state == start, stopping);
        if (IsOwn(job, log) is not { } again)
            return null;
        return again.Session != identity.Session
            ? new(log, IsOfEarlierRun: true)
            // A job that had started can only be cancelled through its host, which may have been told while it lay dead.
            : new(log, IsCancelled: await states.IsCancelledAsync(job.Id, identity.Key, stopping));
    }

    // This agent's own start without a claim.
    private JobEvent? IsOwn(ReceivedJob job, ExecutorLog log) =>
        log.Fold.State?.Event is { Kind: JobEventKind.Start or JobEventKind.Lost } state && state.Ledger == identity.Ledger
        && HostKey.Of(state.Host!) == identity.Key && ledger.Find(job.Id) is null or { Phase: LedgerPhase.Intent }
            ? state
            : null;

    // Whether this run runs what an earlier one took and, as far as the ledger knows, did not come to run.
    private bool CanResume(ReceivedJob job, JobEvent start) => start.Kind == JobEventKind.Start && !IsLate(job);

    // Why a job that was taken is not run after all; null when it is claimed, and must be run.
    private async Task<HostReply?> RefusalAsync(ReceivedJob job, Started start, CancellationToken cancelled)
    {
        if (start.IsOfEarlierRun)
            return Ended(Outcome.Unknown, ErrorType.Unknown, NotKnown);
        if (start.State.Kind == JobEventKind.Lost || IsLate(job))
            return Ended(Outcome.Expired, ErrorType.Expired, $"not run within {job.StartWithin.TotalSeconds:0.###} s of being asked for");
        if (start.IsCancelled || cancelled.IsCancellationRequested)
            return Ended(Outcome.Cancelled, ErrorType.Cancelled, "cancelled before it ran");
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
            return Ended(Outcome.Failed, ErrorType.Unavailable, $"not run, because the agent's ledger cannot be written: {exception.Message}");
        }
    }

    private async Task ExecuteAsync(ReceivedJob job, Started start, CancellationToken cancelled)
    {
        // Until it is told: what is on its way is in memory, too.
        using var share = output.Open();
        var begun = time.GetTimestamp();
        var outcome = Outcome.Failed;
        try
        {
            var entry = await execution.RunAsync(
                job.Operation, job.Command.Request ?? default, job.Command.Check, job.Command.FileContent, ProcessMarker.Of(job.Id, identity.Ledger), share, cancelled);
            outcome = entry.Outcome;
            await PublishAsync(job, start, Bytes(entry, share));
        }
        catch (Exception exception) when (exception is OutOfMemoryException or EntryTooLargeException)
        {
            outcome = Outcome.Failed;
            LogNoMemory(job.Id, job.Operation, exception.Message);
            await PublishAsync(job, start, JobEntries.Bytes(Ended(Outcome.Failed, ErrorType.Failed, $"it ran, and its result is lost: {Reason(exception)}") with { Changed = !job.IsReadOnly }));
        }

        var (word, milliseconds) = (SnakeCaseName.Of(outcome), (long)time.GetElapsedTime(begun).TotalMilliseconds);
        LogEnded(job.Id, job.Operation, word, milliseconds);
    }

    private async Task PublishAsync(ReceivedJob job, Started start, ReadOnlyMemory<byte> entry)
    {
        if (!job.IsReadOnly && ledger.Find(job.Id) is { Phase: LedgerPhase.Claimed })
            await RecordAsync(job, entry);
        await EndAsync(start, entry);
        if (ledger.Find(job.Id) is { Phase: LedgerPhase.Finished })
            ledger.Published(job.Id);
        HeapTrimmer.Released(entry.Length);
    }

    // A handler that was left behind may still come to a result, which nobody waits for.
    private static byte[] Bytes(HostReply entry, OutputBudget.Share share)
    {
        var result = share.LargeResult;
        share.LargeResult = null;
        return entry.Result is not null && result is { } json ? JobEntries.Bytes(entry, json) : JobEntries.Bytes(entry);
    }

    private static string Reason(Exception exception) => exception is OutOfMemoryException ? "the agent has not enough memory for it" : exception.Message;

    private async Task RecordAsync(ReceivedJob job, ReadOnlyMemory<byte> entry)
    {
        try
        {
            await ledger.RecordFinishAsync(job.Id, entry, CancellationToken.None);
        }
        catch (LedgerException exception)
        {
            // The claim stands, so it never runs again; how it ended can still be told.
            LogNotRecorded(job.Id, exception.Message);
        }
    }

    private Task EndAsync(Started start, ReadOnlyMemory<byte> entry) => states.EndAsync(start.Log, identity.Start, entry, giveUp);

    private async Task AcknowledgeAsync(ReceivedJob job, QueueDelivery delivery)
    {
        try
        {
            await delivery.AcknowledgeAsync(CancellationToken.None);
        }
        catch (TransportException exception)
        {
            // It is handed out again, and the state of the job tells whoever gets it that it is decided.
            LogNotAcknowledged(job.Id, exception.Message);
        }
    }

    private void Forget(ReceivedJob job)
    {
        if (ledger.Find(job.Id) is { Phase: LedgerPhase.Intent })
            ledger.Forget(job.Id);
    }

    private bool IsLate(ReceivedJob job) => transport.ServerNow > job.ReceivedAt + job.StartWithin;

    private HostReply Ended(Outcome outcome, ErrorType type, string error) =>
        new() { Hostname = identity.Hostname, Outcome = outcome, Error = error, ErrorType = type };

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} was not run: the ledger cannot be written: {Reason}")]
    private partial void LogNotClaimed(string jobId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} ended, and the ledger cannot be written: should the agent stop before that is told, it is unknown how: {Reason}")]
    private partial void LogNotRecorded(string jobId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} ({Operation}) ended, and its result does not fit into the memory: {Reason}")]
    private partial void LogNoMemory(string jobId, string operation, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Job {JobId} could not be acknowledged: {Reason}")]
    private partial void LogNotAcknowledged(string jobId, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {JobId} ({Operation}) ended: {Outcome}; {Milliseconds} ms")]
    private partial void LogEnded(string jobId, string operation, string outcome, long milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {JobId} ({Operation}) was not run: {Outcome}")]
    private partial void LogNotRun(string jobId, string operation, string outcome);

    /// <summary>What makes a job this agent's.</summary>
    /// <param name="Log">Its states, the newest of which names this agent.</param>
    /// <param name="IsCancelled">It was cancelled before this run of the agent took it.</param>
    /// <param name="IsOfEarlierRun">An earlier run took it, and this one does not. A ledger that was restored does not know what ran since, so what the ledger does not know may have run.</param>
    private sealed record Started(ExecutorLog Log, bool IsCancelled = false, bool IsOfEarlierRun = false)
    {
        public JobEvent State => Log.Fold.State!.Event;

        public long Sequence => Log.Fold.State!.Sequence;
    }
}
