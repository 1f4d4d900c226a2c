using Microsoft.Extensions.Logging;
using Osapi.Operations;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>
/// What an agent must not forget: which jobs it was about to run, and how they ended. A claim is on the disk before its
/// job runs, so whatever happens to the agent, no job runs twice on a host.
/// </summary>
/// <remarks>
/// A change that must be durable is cancelled only before it is queued; from then on its task ends when the disk has
/// answered. A change that the phase of the job does not allow is an <see cref="InvalidOperationException"/>: a job is
/// claimed once, and ends once.
/// </remarks>
internal sealed partial class Ledger : IAsyncDisposable
{
    private readonly LedgerDirectory directory;
    private readonly LedgerState state;
    private readonly LedgerWriter writer;
    private readonly TimeProvider time;

    private Ledger(LedgerDirectory directory, LedgerState state, LedgerWriter writer, SessionHistory earlier, LedgerOptions options)
    {
        (Session, Earlier, time) = (options.Session, earlier, options.Time);
        this.directory = directory;
        this.state = state;
        this.writer = writer;
    }

    /// <summary>Made at random with the file: another id means that what is known of earlier jobs was lost.</summary>
    public string Id => state.Id;

    /// <summary>The id of the session that began with the opening.</summary>
    public string Session { get; }

    /// <summary>The sessions before it.</summary>
    public SessionHistory Earlier { get; }

    /// <summary>How far the commands were read; the default when that is not known.</summary>
    public LedgerCursor Cursor => state.Cursor;

    /// <summary>The jobs with something left to do, oldest first: intents, claims, and ends that are not published.</summary>
    public IReadOnlyList<LedgerJob> Open => state.Open;

    /// <summary>How many times the disk was waited for.</summary>
    internal long Flushes => writer.Flushes;

    /// <summary>Opens the ledger of a directory, or begins one.</summary>
    /// <exception cref="LedgerException">Another ledger has the directory open, or the file is damaged.</exception>
    public static Task<Ledger> OpenAsync(LedgerOptions options, CancellationToken cancellationToken) =>
        Task.Run(() => BeginAsync(options), cancellationToken);

    /// <summary>The token of an any-host job is about to be tried for.</summary>
    public Task RecordIntentAsync(JobId jobId, string operation, CancellationToken cancellationToken) =>
        WriteAsync(jobId, LedgerPhase.Intent, _ => new(jobId, LedgerPhase.Intent, "", operation, 0, time.GetUtcNow(), null), cancellationToken);

    /// <summary>The job is about to run, and may run when this completes.</summary>
    public Task RecordClaimAsync(JobId jobId, string executor, string operation, long startSequence, CancellationToken cancellationToken) =>
        WriteAsync(jobId, LedgerPhase.Claimed, _ => new(jobId, LedgerPhase.Claimed, executor, operation, startSequence, time.GetUtcNow(), null), cancellationToken);

    /// <summary>The claimed job ended with an entry, which the ledger keeps until the job is published.</summary>
    public Task RecordFinishAsync(JobId jobId, ReadOnlyMemory<byte> entry, CancellationToken cancellationToken) =>
        WriteAsync(jobId, LedgerPhase.Finished, claim => claim! with { Phase = LedgerPhase.Finished, Time = time.GetUtcNow(), Entry = entry }, cancellationToken);

    /// <summary>The end of a finished job is in the log. Losing this only means to publish it again.</summary>
    public void Published(JobId jobId)
    {
        var now = time.GetUtcNow();
        if (state.Publish(jobId, now))
            Queue(LedgerState.Key(jobId, now));
    }

    /// <summary>An intent came to nothing. Losing this only means to try again.</summary>
    public void Forget(JobId jobId)
    {
        if (state.Forget(jobId))
            Queue(LedgerRecord.Forgotten(jobId));
    }

    /// <summary>Commands up to here need not be read again. Losing this only means that they are.</summary>
    public void MoveCursor(LedgerCursor cursor)
    {
        var record = LedgerRecord.Of(cursor);
        state.Apply(record);
        Queue(record);
    }

    /// <summary>What is known of a job; a published one is known until it has been remembered for long enough.</summary>
    public LedgerJob? Find(JobId jobId) => state.Find(jobId);

    /// <summary>Writes what is queued, and lets go of the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        directory.Dispose();
    }

    private static async Task<Ledger> BeginAsync(LedgerOptions options)
    {
        var directory = LedgerDirectory.Hold(options.Directory);
        LedgerWriter? writer = null;
        try
        {
            LedgerState state = new(options.Time, options.RememberFor);
            var file = LedgerFile.Open(directory.File, state.Apply);
            if (file.IsTorn)
                LogTorn(options.Logger, directory.File, file.Length);
            if (state.Foreign > 0)
                LogForeign(options.Logger, directory.File, state.Foreign);
            var isNew = file.Length == 0;
            writer = new(directory, file, state, options);
            writer.Start();
            return new(directory, state, writer, SessionHistory.Begin(directory, isNew, options.Session, options.BootId, options.Logger), options);
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
        // The caller may use its own bytes again.
        if (record.Entry is { } entry)
            record = record with { Entry = frame.AsMemory(frame.Length - entry.Length) };
        ObjectDisposedException.ThrowIf(!writer.TryQueue(new(record, frame, done)), this);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ledger {File} holds {Count} records of a newer version: they are kept, and the jobs that they name are not run")]
    private static partial void LogForeign(ILogger logger, string file, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ledger {File} ended with a record that is not whole, at offset {Offset}: it was being written when the agent or the host stopped, and nobody was told that it was")]
    private static partial void LogTorn(ILogger logger, string file, long offset);
}
