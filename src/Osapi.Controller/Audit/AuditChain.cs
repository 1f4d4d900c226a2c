using Microsoft.Extensions.Logging;
using Osapi.Operations;
using Osapi.Operations.Audit;

namespace Osapi.Controller.Audit;

/// <summary>This controller's chain of audit entries. Entries that wait share one flush of the disk.</summary>
/// <remarks>It owns a thread, because flushing blocks.</remarks>
internal sealed partial class AuditChain : IAsyncDisposable
{
    /// <summary>The maximum number of entries that wait for the writer.</summary>
    public const int MaxWaiting = 16 * 1024;

    private readonly object gate = new();
    private readonly AuditWriter writer;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<PendingAudit> waiting = [];
    private (long Count, DateTimeOffset Since) lost;
    private bool isClosed;
    private bool isFailing;

    public AuditChain(AuditFiles files, AuditKeys keys, AuditLimits limits, TimeProvider time, ILogger<AuditChain> logger)
    {
        (this.time, this.logger) = (time, logger);
        writer = new(files, keys, limits, time);
        Files = files;
        Keys = keys;
        new Thread(RunWriter) { IsBackground = true, Name = "osapi audit" }.Start();
        if (writer.Torn > 0)
        {
            LogHealed(writer.Torn);
            Write(new() { Timestamp = time.GetUtcNow(), Kind = AuditKind.Healed, Count = writer.Torn, Detail = $"a torn last line of {writer.Torn} bytes was removed" });
        }
    }

    public AuditFiles Files { get; }

    public AuditKeys Keys { get; }

    /// <summary>True while nothing can be written.</summary>
    public bool IsFailing => Volatile.Read(ref isFailing);

    /// <summary>Adds an entry. When it cannot be written, a later entry says so.</summary>
    public void Write(AuditEntry entry) => Add(new(entry, isAwaited: false));

    /// <summary>Adds an entry; completes with its place when the disk has it.</summary>
    /// <exception cref="OperationException">It cannot be written.</exception>
    public Task<AuditHead> WriteDurableAsync(AuditEntry entry) => AddDurable(new(entry, isAwaited: true));

    /// <summary>Makes everything that was added durable; completes with the last entry's place.</summary>
    /// <exception cref="OperationException">It cannot be written.</exception>
    public Task<AuditHead> FlushAsync() => AddDurable(new(null, isAwaited: true));

    /// <summary>Goes on after a head of this chain that the log has, if the files end before it.</summary>
    /// <exception cref="OperationException">It cannot be written.</exception>
    public Task<AuditHead> ContinueAfterAsync(AuditHead head) => AddDurable(new(
        new()
        {
            Timestamp = time.GetUtcNow(),
            Kind = AuditKind.Missing,
            Head = head,
            Detail = $"entries up to {head.Number} were not in the files at the start",
        },
        isAwaited: true)
    { ContinuesAfterHead = true });

    /// <summary>Writes what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            isClosed = true;
            Monitor.Pulse(gate);
        }

        await ended.Task;
    }

    private Task<AuditHead> AddDurable(PendingAudit pending)
    {
        if (!Add(pending))
            pending.Fail(Unavailable("too many requests wait for it"));
        return pending.Durable;
    }

    private bool Add(PendingAudit pending)
    {
        lock (gate)
        {
            if (isClosed || waiting.Count >= MaxWaiting)
            {
                if (pending.Entry is not null && !pending.IsAwaited)
                    CountLost(1);
                return false;
            }

            waiting.Add(pending);
            if (waiting.Count == 1)
                Monitor.Pulse(gate);
            return true;
        }
    }

    private void RunWriter()
    {
        while (TakeBatch() is { Count: > 0 } batch)
            WriteBatch(batch);
        try
        {
            writer.Flush();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogFailed(failure.Message);
        }

        writer.Dispose();
        ended.SetResult();
    }

    private List<PendingAudit> TakeBatch()
    {
        lock (gate)
        {
            while (waiting.Count == 0 && !isClosed)
                Monitor.Wait(gate);
            var batch = waiting;
            waiting = [];
            if (lost.Count > 0 && batch.Count > 0)
            {
                batch.Insert(0, new(new() { Timestamp = lost.Since, Kind = AuditKind.Lost, Count = lost.Count, Detail = "entries could not be written" }, isAwaited: false));
                lost = default;
            }

            return batch;
        }
    }

    private void WriteBatch(List<PendingAudit> batch)
    {
        var unflushed = writer.Unflushed;
        try
        {
            writer.Write(batch);
            if (isFailing)
                LogGoesOn();
            Volatile.Write(ref isFailing, false);
            foreach (var pending in batch)
                pending.Complete();
        }
        // The writer itself must keep running, whatever the cause.
        catch (Exception failure)
        {
            writer.Forget();
            // An entry that somebody waits for is one that nothing happened for.
            lock (gate)
                CountLost(unflushed + batch.Where(pending => pending is { Entry: not null, IsAwaited: false }).Sum(pending => pending.Entry is { Kind: AuditKind.Lost, Count: { } count } ? count : 1));
            if (!isFailing)
                LogFailed(failure.Message);
            Volatile.Write(ref isFailing, true);
            foreach (var pending in batch)
                pending.Fail(Unavailable(failure.Message));
        }
    }

    private void CountLost(long count) => lost = (lost.Count + count, lost.Count == 0 ? time.GetUtcNow() : lost.Since);

    private static OperationException Unavailable(string reason) => new(ErrorType.Unavailable, $"nothing was done, because the audit log cannot be written: {reason}");

    [LoggerMessage(Level = LogLevel.Warning, Message = "A torn last line of {Bytes} bytes was removed from the audit log")]
    private partial void LogHealed(long bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit log cannot be written; requests that act are refused: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The audit log is written again")]
    private partial void LogGoesOn();
}
