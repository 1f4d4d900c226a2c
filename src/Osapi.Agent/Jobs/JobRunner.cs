using Microsoft.Extensions.Logging;
using Osapi.Agent.Handlers;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>
/// Takes one job through its states on this host: won the start, written down in the ledger, run, written down, told.
/// A job whose claim is in the ledger never runs a second time, whatever died in between.
/// </summary>
internal sealed partial class JobRunner(ITransport transport, Ledger ledger, Execution execution, StateWriter states, RunningJobs running, AgentIdentity identity, ILogger logger)
{
    /// <summary>A command to this host.</summary>
    public Task RunDirectedAsync(JobCommand command, Message message, CancellationToken stopping) =>
        RunAsync(command, identity.Key, message.Time, static () => Task.CompletedTask, stopping);

    /// <summary>A job for any host that was taken from the queue. It is acknowledged once it is decided whose it is.</summary>
    public async Task RunAnyAsync(JobCommand command, QueueDelivery delivery, CancellationToken stopping)
    {
        // Should this agent die after it won the start and before it wrote the claim, it finds the intent and goes on.
        if (!IsReadOnly(command) && ledger.Find(command.JobId) is null)
            await ledger.IntentAsync(command.JobId, command.Operation!, stopping);
        await RunAsync(command, HostKey.Any, delivery.Message.Time, () => delivery.AcknowledgeAsync(CancellationToken.None), stopping);
    }

    private async Task RunAsync(JobCommand command, string executor, DateTimeOffset asked, Func<Task> decided, CancellationToken stopping)
    {
        if (running.TryAdd(command.JobId) is not { } source)
            return;
        try
        {
            var start = await StartAsync(command, executor, asked, stopping);
            if (start is null && executor == HostKey.Any)
                ledger.Forget(command.JobId);
            if (start is not null && !IsReadOnly(command) && !await ClaimAsync(command, executor, start))
                start = null;
            await decided();
            if (start is not null)
                await ExecuteAsync(command, executor, start, source.Token);
        }
        finally
        {
            running.Remove(command.JobId);
        }
    }

    private async Task<Started?> StartAsync(JobCommand command, string executor, DateTimeOffset asked, CancellationToken cancellationToken)
    {
        var late = transport.ServerNow > asked + TimeSpan.FromSeconds(command.StartWithin);
        if (late)
        {
            var (expired, last) = await states.FirstAsync(command.JobId, executor, new() { Kind = JobEventKind.Expired }, cancellationToken);
            if (!expired && IsMine(last))
                await EndAsync(command, executor, new(JobJson.Event(last.Payload), last.Sequence), Expired(command), cancellationToken);
            return null;
        }

        var start = identity.Start;
        var (won, first) = await states.FirstAsync(command.JobId, executor, start, cancellationToken);
        // This agent's own start without a claim was written just before it died: the job provably never ran.
        return won || IsMine(first) ? new(JobJson.Event(first.Payload), first.Sequence) : null;

        bool IsMine(Message message) =>
            JobJson.Event(message.Payload) is { Kind: JobEventKind.Start } state && state.Ledger == identity.Ledger
            && ledger.Find(command.JobId) is null or { Phase: LedgerPhase.Intent };
    }

    private async Task<bool> ClaimAsync(JobCommand command, string executor, Started start)
    {
        try
        {
            await ledger.ClaimAsync(command.JobId, executor, command.Operation!, start.Sequence, CancellationToken.None);
            return true;
        }
        catch (LedgerException exception)
        {
            LogNotClaimed(command.JobId, exception.Message);
            HostEntry refused = new()
            {
                Hostname = identity.Hostname,
                Outcome = Outcome.Failed,
                Error = $"not run, because the agent's ledger cannot be written: {exception.Message}",
                ErrorType = ErrorType.Unavailable,
            };
            await EndAsync(command, executor, start, JobEntries.Bytes(refused), CancellationToken.None);
            return false;
        }
    }

    private async Task ExecuteAsync(JobCommand command, string executor, Started start, CancellationToken cancelled)
    {
        var entry = JobEntries.Bytes(await execution.RunAsync(command.Operation!, command.Request ?? default, command.Check, cancelled));
        if (!IsReadOnly(command))
            await ledger.FinAsync(command.JobId, entry, CancellationToken.None);
        // A stopping agent still tells what it did, as long as it is given the time.
        await EndAsync(command, executor, start, entry, CancellationToken.None);
        if (!IsReadOnly(command))
            ledger.Published(command.JobId);
        LogEnded(command.JobId, command.Operation!);
    }

    private async Task EndAsync(JobCommand command, string executor, Started start, ReadOnlyMemory<byte> entry, CancellationToken cancellationToken)
    {
        var fin = await JobEntries.FinAsync(transport, start.State, command.JobId, executor, entry, cancellationToken);
        await states.EndAsync(command.JobId, executor, fin, start.Sequence, cancellationToken);
    }

    private ReadOnlyMemory<byte> Expired(JobCommand command) => JobEntries.Bytes(new()
    {
        Hostname = identity.Hostname,
        Outcome = Outcome.Expired,
        Error = $"not started within {command.StartWithin:0.###} s: the agent stopped before it could",
        ErrorType = ErrorType.Expired,
    });

    // What only looks may be done again, so it needs no ledger. An unknown operation will be refused without having run.
    private static bool IsReadOnly(JobCommand command) =>
        command.Check || !OperationCatalog.Default.TryFind(command.Operation!, out var operation) || operation.Idempotency == Idempotency.ReadOnly;

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} was not run: the ledger cannot be written: {Reason}")]
    private partial void LogNotClaimed(string jobId, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Job {JobId} ({Operation}) ended")]
    private partial void LogEnded(string jobId, string operation);

    /// <summary>A start that stands in the log.</summary>
    private sealed record Started(JobEvent State, long Sequence);
}
