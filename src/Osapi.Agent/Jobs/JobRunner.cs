using Microsoft.Extensions.Logging;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Agent.Outputs;
using Osapi.Agent.Registration;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>
/// Takes one job through its states on this host: claim the start in the log, record it in the ledger, run, record the
/// result, publish it.
/// </summary>
/// <remarks>
/// A job whose claim is in the ledger never runs a second time, wherever the agent crashed. <c>giveUp</c> ends the wait
/// for ends to be published: the next run of the agent publishes them.
/// </remarks>
internal sealed partial class JobRunner(
    ITransport transport, Ledger ledger, OperationExecutor operations, JobStatePublisher states, AgentIdentity identity, RequestReader requests, OutputSpools spools, NameLeaseMonitor name, TimeProvider time, ILogger logger, CancellationToken giveUp)
{
    // A job that must start sooner gets its start at once, so that it does not expire while it runs.
    private static readonly TimeSpan MinTimeLeft = TimeSpan.FromSeconds(1);

    private readonly OutputBudget output = OutputBudget.OfThisProcess();
    private readonly CommandFreshness freshness = new(transport, logger);
    private readonly JobClaims claims = new(transport, ledger, states, identity, name, logger);
    private readonly JobEndPublisher ends = new(transport, ledger, states, identity, logger, giveUp);

    /// <summary>True when slots are reserved for the job.</summary>
    public bool IsQuick(JobCommand command) => operations.IsQuick(command.Operation!);

    /// <summary>Runs a command to this host.</summary>
    /// <param name="command">The command.</param>
    /// <param name="message">The message that brought it.</param>
    /// <param name="ran">Called when a quick operation has run, before its states are appended: it takes no slot while they are written.</param>
    /// <param name="cancelled">The job is cancelled.</param>
    /// <param name="stopping">The agent stops.</param>
    public async Task RunDirectedAsync(JobCommand command, Message message, Action ran, CancellationToken cancelled, CancellationToken stopping)
    {
        if (await freshness.CheckAsync(ReceivedJob.Of(command, identity.Key, message.Time, operations), message, cancelled, stopping) is { } job)
            await RunAsync(job, ran, static () => Task.CompletedTask, cancelled, stopping);
    }

    /// <summary>Runs a job for any host, taken from the queue.</summary>
    /// <param name="command">The command.</param>
    /// <param name="message">The message that brought it.</param>
    /// <param name="decided">Called once the claim is decided; not at all when nobody knows yet whether the job may start.</param>
    /// <param name="cancelled">The job is cancelled.</param>
    /// <param name="stopping">The agent stops.</param>
    /// <exception cref="LedgerException">The ledger cannot be written; nothing was claimed.</exception>
    public async Task RunAnyAsync(JobCommand command, Message message, Func<Task> decided, CancellationToken cancelled, CancellationToken stopping)
    {
        if (await freshness.CheckAsync(ReceivedJob.Of(command, HostKey.Any, message.Time, operations), message, cancelled, stopping) is not { } job)
            return;
        // If this agent crashes between its claim in the log and the ledger record, the next run finds the intent.
        if (!job.IsReadOnly && ledger.Find(job.Id) is null)
            await ledger.RecordIntentAsync(job.Id, job.Operation, stopping);
        // The slot is kept until the states are in the log: a host whose log is slow must not empty the queue.
        await RunAsync(job, static () => { }, decided, cancelled, stopping);
    }

    private async Task RunAsync(ReceivedJob job, Action ran, Func<Task> decided, CancellationToken cancelled, CancellationToken stopping)
    {
        using var early = await BeginEarlyAsync(job, cancelled, stopping);
        if (early is not null && await TryPublishAsync(job, early, ran))
            await decided();
        else
            await StartAsync(job, early, decided, cancelled, stopping);
    }

    // Null for jobs that must not begin before the log has their start, or that must start soon; and where a controller does not know an end that
    // is the start as well.
    private async Task<EarlyRun?> BeginEarlyAsync(ReceivedJob job, CancellationToken cancelled, CancellationToken stopping)
    {
        if (job.IsOver || !job.Command.AcceptsWholeEnd || !job.IsReadOnly || !IsQuick(job.Command) || transport.ServerNow > job.Deadline - MinTimeLeft)
            return null;
        // An agent that was suspended may have lost its name to another one, and must not run anything.
        await name.ConfirmAsync(stopping);
        return EarlyRun.Begin((share, stop) => CallAsync(job, share, stop), output, time.GetTimestamp(), cancelled);
    }

    // Appends the start and the end together; false when anything is in the way, which the usual way deals with.
    private async Task<bool> TryPublishAsync(ReceivedJob job, EarlyRun early, Action ran)
    {
        if (!await early.EndsSoonAsync() || early.Share.LargeResult is not null)
            return false;
        ran();
        var reply = await early.Reply;
        var entry = await BytesAsync(reply, early.Share);
        if (!await states.StartAndEndAsync(job.Id, job.Executor, identity.Start, entry))
            return false;
        LogEnd(job, reply.Outcome, early.Begun);
        return true;
    }

    private async Task StartAsync(ReceivedJob job, EarlyRun? early, Func<Task> decided, CancellationToken cancelled, CancellationToken stopping)
    {
        if (await claims.StartAsync(job, stopping) is not { } start)
        {
            claims.Forget(job);
            await decided();
        }
        else if (await claims.RefusalAsync(job, start, cancelled) is { } refusal)
        {
            await ends.EndAsync(start, JobEntries.Bytes(refusal), output: null);
            claims.Forget(job);
            await decided();
            var outcome = SnakeCaseName.Of(refusal.Outcome);
            LogNotRun(job.Id, job.Operation, outcome);
        }
        else
        {
            await decided();
            await ExecuteAsync(job, start, early, cancelled);
        }
    }

    private async Task<HostReply> CallAsync(ReceivedJob job, OutputBudget.Share share, CancellationToken cancelled)
    {
        var (request, refusal) = await requests.ReadAsync(job.Command, cancelled);
        return refusal ?? await operations.RunAsync(
            job.Operation, request, job.Command.Check, job.Command.FileContent, job.Command.Files, ProcessMarker.Of(job.Id, identity.Ledger), share, cancelled);
    }

    private async Task ExecuteAsync(ReceivedJob job, StartedJob start, EarlyRun? early, CancellationToken cancelled)
    {
        // Held until published: the result is in memory until then.
        using var share = output.Open(job.IsReadOnly ? null : spools.Open(job.Id, job.Executor));
        var begun = early?.Begun ?? time.GetTimestamp();
        var outcome = Outcome.Failed;
        try
        {
            var entry = await (early?.Reply ?? CallAsync(job, share, cancelled));
            outcome = entry.Outcome;
            await ends.PublishAsync(job, start, await BytesAsync(entry, early?.Share ?? share), share.Spool);
        }
        catch (Exception exception) when (exception is OutOfMemoryException or EntryTooLargeException)
        {
            outcome = Outcome.Failed;
            LogOutOfMemory(job.Id, job.Operation, exception.Message);
            await ends.PublishAsync(job, start, JobEntries.Bytes(identity.Ended(Outcome.Failed, ErrorType.Failed, $"it ran, and its result is lost: {(exception is OutOfMemoryException ? "the agent does not have enough memory for it" : exception.Message)}") with { Changed = !job.IsReadOnly }), share.Spool);
        }

        LogEnd(job, outcome, begun);
    }

    private void LogEnd(ReceivedJob job, Outcome outcome, long begun)
    {
        var (outcomeName, milliseconds) = (SnakeCaseName.Of(outcome), (long)time.GetElapsedTime(begun).TotalMilliseconds);
        LogEnded(job.Id, job.Operation, outcomeName, milliseconds);
    }

    // An abandoned handler may still produce a result, which is ignored.
    private static Task<byte[]> BytesAsync(HostReply entry, OutputBudget.Share share)
    {
        var result = share.LargeResult;
        share.LargeResult = null;
        return SeparateThread.RunIfLargeAsync(share.OutputSize, () => entry.Result is not null && result is { } json ? JobEntries.Bytes(entry, json) : JobEntries.Bytes(entry));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} ({Operation}) ended, but its result does not fit into memory: {Reason}")]
    private partial void LogOutOfMemory(JobId jobId, string operation, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {JobId} ({Operation}) ended: {Outcome}; {Milliseconds} ms")]
    private partial void LogEnded(JobId jobId, string operation, string outcome, long milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {JobId} ({Operation}) was not run: {Outcome}")]
    private partial void LogNotRun(JobId jobId, string operation, string outcome);
}
