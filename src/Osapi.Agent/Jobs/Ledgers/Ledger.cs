using Microsoft.Extensions.Logging;
using Osapi.Operations;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>The durable record of the jobs that an agent was about to run, and of their results.</summary>
/// <remarks>
/// A claim is on the disk before its job runs, so no job runs twice on a host, even after crashes of the agent. A durable
/// change is cancelled only before it is queued; from then on its task completes when the disk has answered. A
/// transition that the job's phase does not allow is an <see cref="InvalidOperationException"/>: a job is claimed once,
/// and ends once.
/// </remarks>
internal sealed partial class Ledger : IAsyncDisposable
{
    private readonly LedgerDirectory directory;
    private readonly LedgerState state;
    private readonly LedgerWriter writer;
    private readonly TimeProvider time;

    private Ledger(LedgerDirectory directory, LedgerState state, LedgerWriter writer, SessionHistory earlier, string session, TimeProvider time)
    {
        (Session, Earlier, this.time) = (session, earlier, time);
        this.directory = directory;
        this.state = state;
        this.writer = writer;
    }

    /// <summary>The random id, created with the file: another id means that earlier records were lost.</summary>
    public string Id => state.Id;

    /// <summary>The id of the session that began with the opening.</summary>
    public string Session { get; }

    /// <summary>The earlier sessions.</summary>
    public SessionHistory Earlier { get; }

    /// <summary>The position up to which commands were read; the default when unknown.</summary>
    public LedgerCursor Cursor => state.Cursor;

    /// <summary>The unfinished jobs, oldest first: intents, claims, and results that are not published.</summary>
    public IReadOnlyList<LedgerJob> Open => state.Open;

    /// <summary>The number of flushes.</summary>
    internal long Flushes => writer.Flushes;

    /// <summary>Opens the ledger of a directory, or creates one.</summary>
    /// <exception cref="LedgerException">Another process has the directory open, or the file is damaged.</exception>
    public static Task<Ledger> OpenAsync(LedgerOptions options, CancellationToken cancellationToken) =>
        Task.Run(() => BeginAsync(options), cancellationToken);

    /// <summary>Records that the agent is about to claim a job for any host.</summary>
    public Task RecordIntentAsync(JobId jobId, string operation, CancellationToken cancellationToken) =>
        WriteAsync(jobId, LedgerPhase.Intent, _ => new(jobId, LedgerPhase.Intent, "", operation, 0, time.GetUtcNow(), null), cancellationToken);

    /// <summary>Records the claim of a job, which may run when this completes.</summary>
    public Task RecordClaimAsync(JobId jobId, string executor, string operation, long startSequence, CancellationToken cancellationToken) =>
        WriteAsync(jobId, LedgerPhase.Claimed, _ => new(jobId, LedgerPhase.Claimed, executor, operation, startSequence, time.GetUtcNow(), null), cancellationToken);

    /// <summary>Records the reply of a claimed job, which the ledger keeps until it is published.</summary>
    public Task RecordFinishAsync(JobId jobId, ReadOnlyMemory<byte> entry, CancellationToken cancellationToken) =>
        WriteAsync(jobId, LedgerPhase.Finished, claim => claim! with { Phase = LedgerPhase.Finished, Time = time.GetUtcNow(), Entry = entry }, cancellationToken);

    /// <summary>Records that the reply of a finished job is in the log. Losing this record only causes another publish.</summary>
    public void Published(JobId jobId)
    {
        var now = time.GetUtcNow();
        if (state.Publish(jobId, now))
            Queue(LedgerState.Key(jobId, now));
    }

    /// <summary>
    /// Records that the reply of a claimed job is in the log, which had it first. Losing this record only causes another publish, which
    /// the log refuses.
    /// </summary>
    public void PublishedFirst(JobId jobId)
    {
        var now = time.GetUtcNow();
        if (state.PublishClaim(jobId, now))
            Queue(LedgerState.Key(jobId, now));
    }

    /// <summary>Records that an intent failed. Losing this record only causes another attempt.</summary>
    public void Forget(JobId jobId)
    {
        if (state.Forget(jobId))
            Queue(LedgerRecord.Forgotten(jobId));
    }

    /// <summary>
    /// Records that commands up to this position need not be read again. Losing this record only causes another read.
    /// </summary>
    public void MoveCursor(LedgerCursor cursor)
    {
        var record = LedgerRecord.Of(cursor);
        state.Apply(record);
        Queue(record);
    }

    /// <summary>Finds the record of a job; a published job is remembered for a limited time.</summary>
    public LedgerJob? Find(JobId jobId) => state.Find(jobId);

    /// <summary>Writes queued records, and releases the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        directory.Dispose();
    }

    private static async Task<Ledger> BeginAsync(LedgerOptions options)
    {
        var directory = LedgerDirectory.Acquire(options.Directory);
        LedgerWriter? writer = null;
        try
        {
            SteadyTimeProvider time = new(options.Time);
            LedgerState state = new(time, options.RememberFor);
            var file = LedgerFile.Open(directory.File, state.Apply);
            if (file.IsTorn)
                LogTorn(options.Logger, directory.File, file.Length);
            if (state.Foreign > 0)
                LogForeign(options.Logger, directory.File, state.Foreign);
            var isNew = file.Length == 0;
            writer = new(directory, file, state, options);
            writer.Start();
            return new(directory, state, writer, SessionHistory.Begin(directory, isNew, options.Session, options.BootId, options.Logger), options.Session, time);
        }
        catch
        {
            if (writer is not null)
                await writer.DisposeAsync();
            directory.Dispose();
            throw;
        }
    }

    private Task WriteAsync(JobId jobId, LedgerPhase phase, Func<LedgerJob?, LedgerJob> next, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var record = LedgerRecord.Of(next(state.Reserve(jobId, phase)));
        try
        {
            Queue(record, done);
            return done.Task;
        }
        catch
        {
            state.Release(jobId);
            throw;
        }
    }

    private void Queue(LedgerRecord record, TaskCompletionSource? done = null)
    {
        var frame = LedgerFrame.Of(record);
        // The caller may reuse its buffer.
        if (record.Entry is { } entry)
            record = record with { Entry = frame.AsMemory(frame.Length - entry.Length) };
        ObjectDisposedException.ThrowIf(!writer.TryQueue(new(record, frame, done)), this);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ledger {File} holds {Count} records of a newer version: they are kept, and the jobs that they name are not run")]
    private static partial void LogForeign(ILogger logger, string file, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dropped an incomplete record at the end of the ledger {File}, at offset {Offset}: it was being written when the agent or the host stopped")]
    private static partial void LogTorn(ILogger logger, string file, long offset);
}
