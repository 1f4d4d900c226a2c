using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Osapi.Transport.Embedded;

/// <summary>
/// The only writer of the database. It commits all waiting writes together, so that concurrent callers share one flush
/// of the disk.
/// </summary>
/// <remarks>It owns a thread, because flushing blocks.</remarks>
internal sealed class GroupCommitWriter
{
    // What was removed stays in the write-ahead log until that is overwritten or truncated. A truncation flushes the database.
    private static readonly TimeSpan TruncateAfter = TimeSpan.FromSeconds(5);

    private readonly object gate = new();
    private readonly SqliteSession session;
    private readonly string file;
    private readonly CommitNotifier notifier;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<PendingWrite> waiting = [];
    private bool closed;
    private long? removedAt;

    /// <param name="session">The session, which is the writer's from now on.</param>
    /// <param name="file">The database.</param>
    /// <param name="publish">Publishes what committed writes have added to the feeds of the logs.</param>
    public GroupCommitWriter(SqliteSession session, string file, Action publish)
    {
        this.session = session;
        this.file = file;
        notifier = new(publish);
        new Thread(RunWriter) { IsBackground = true, Name = "osapi store" }.Start();
    }

    /// <summary>The number of commits; tests use it to prove that writes share them.</summary>
    public long Commits { get; private set; }

    /// <summary>True after a failed commit, until a later commit that writes succeeds.</summary>
    public bool Failed { get; private set; }

    /// <summary>Runs work in a transaction.</summary>
    /// <param name="work">
    /// Reads and changes rows, on the writer's thread. Its changes are rolled back if anything in the same commit
    /// fails.
    /// </param>
    /// <param name="committed">Publishes the result after the commit, in log order and one at a time.</param>
    /// <param name="cancellationToken">Abandons the call: the work is not started, or its outcome is not awaited.</param>
    /// <exception cref="TransportException">The database failed.</exception>
    public Task<T> RunAsync<T>(Func<SqliteSession, T> work, Action<T>? committed, CancellationToken cancellationToken) =>
        AddAsync(new Write<T>(work, committed, continuesHere: false, cancellationToken), cancellationToken);

    /// <summary>
    /// Runs work in a transaction. The caller continues on the thread that completes its task. It must not block that thread: the followers
    /// of the logs and other callers wait for it.
    /// </summary>
    /// <inheritdoc cref="RunAsync" path="/param|/exception"/>
    public Task<T> RunInlineAsync<T>(Func<SqliteSession, T> work, Action<T> committed, CancellationToken cancellationToken) =>
        AddAsync(new Write<T>(work, committed, continuesHere: true, cancellationToken), cancellationToken);

    /// <summary>Notes, in a transaction, that it removes rows that nothing may keep: the write-ahead log is truncated some seconds later.</summary>
    /// <returns>The number of rows.</returns>
    public int NoteRemoval(int count)
    {
        if (count > 0)
            removedAt ??= Stopwatch.GetTimestamp();
        return count;
    }

    /// <summary>Commits the waiting writes and ends the thread.</summary>
    public async Task CloseAsync()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }

        await ended.Task;
        await notifier.EndAsync();
        session.Dispose();
    }

    private Task<T> AddAsync<T>(Write<T> write, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        lock (gate)
        {
            if (closed)
                return Task.FromException<T>(new ObjectDisposedException(nameof(EmbeddedTransport)));
            waiting.Add(write);
            if (waiting.Count == 1)
                Monitor.Pulse(gate);
        }

        return cancellationToken.CanBeCanceled ? write.Outcome.WaitAsync(cancellationToken) : write.Outcome;
    }

    private void RunWriter()
    {
        while (TakeBatch() is { } batch)
        {
            Commit(batch);
            if (removedAt is not null && TimeToTruncation() == TimeSpan.Zero)
                Truncate();
        }

        ended.SetResult();
    }

    // Empty when only the truncation is due; null at the end.
    private List<PendingWrite>? TakeBatch()
    {
        lock (gate)
        {
            while (waiting.Count == 0 && !closed && TimeToTruncation() != TimeSpan.Zero)
                Monitor.Wait(gate, TimeToTruncation());
            if (waiting.Count == 0 && closed)
                return null;
            var batch = waiting;
            waiting = [];
            return batch;
        }
    }

    private TimeSpan TimeToTruncation() =>
        removedAt is not { } at ? Timeout.InfiniteTimeSpan : TruncateAfter - Stopwatch.GetElapsedTime(at) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    private void Truncate()
    {
        removedAt = Stopwatch.GetTimestamp();
        try
        {
            // Not 0: a reader is in the way, or the disk is.
            if (session.Scalar("pragma wal_checkpoint(truncate)") is 0L)
                removedAt = null;
        }
        catch (SqliteException)
        {
            // It is tried again.
        }
    }

    private void Commit(List<PendingWrite> batch)
    {
        batch.RemoveAll(write => write.IsAbandoned);
        if (batch.Count == 0)
            return;
        try
        {
            session.Begin();
            foreach (var write in batch)
                write.Apply(session);
            var hasWritten = session.HasWritten;
            session.Execute("commit");
            Failed &= !hasWritten;
            Commits++;
        }
        catch (Exception failure)
        {
            // The whole transaction failed, whatever the cause; the writer itself must keep running.
            Failed |= failure is SqliteException;
            Abandon(batch, failure);
        }

        // Nobody else is told of these, so their callers need not wait for the followers of the logs.
        foreach (var write in batch)
            if (!write.IsPublished)
                write.Complete();
        batch.RemoveAll(write => !write.IsPublished);
        if (batch.Count > 0)
            notifier.Add(batch);
    }

    private void Abandon(List<PendingWrite> batch, Exception failure)
    {
        try
        {
            if (session.InTransaction)
                session.Execute("rollback");
        }
        catch (SqliteException)
        {
            // Report the first failure; the next transaction shows whether the database still works.
        }

        foreach (var write in batch)
            write.Fail(failure is SqliteException ? new TransportException(SqliteSchema.Describe(file, failure), failure) : failure);
    }
}
