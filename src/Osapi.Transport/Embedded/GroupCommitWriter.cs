using Microsoft.Data.Sqlite;

namespace Osapi.Transport.Embedded;

/// <summary>
/// The one writer. It takes everything that waits and commits it together, so that callers who write at the same time
/// share one flush of the disk. It owns a thread, because flushing blocks.
/// </summary>
internal sealed class GroupCommitWriter
{
    private readonly object gate = new();
    private readonly SqliteSession session;
    private readonly string file;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<PendingWrite> waiting = [];
    private bool closed;

    public GroupCommitWriter(SqliteSession session, string file)
    {
        this.session = session;
        this.file = file;
        new Thread(Loop) { IsBackground = true, Name = "osapi store" }.Start();
    }

    /// <summary>How often it committed: tests count on it that writes share commits.</summary>
    public long Commits { get; private set; }

    /// <summary>True after a commit that failed, until one works that writes.</summary>
    public bool Failed { get; private set; }

    /// <summary>Runs work in a transaction.</summary>
    /// <param name="work">Reads and changes rows, on the writer's thread. What it does is undone if anything in the same commit fails.</param>
    /// <param name="committed">Tells others of it, on the writer's thread, in the order of the log.</param>
    /// <param name="cancellationToken">Gives up: the work is not begun, or its outcome is not awaited.</param>
    /// <exception cref="TransportException">The database failed.</exception>
    public Task<T> RunAsync<T>(Func<SqliteSession, T> work, Action<T>? committed, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        var write = new Write<T>(work, committed, cancellationToken);
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

    /// <summary>Commits what still waits and ends.</summary>
    public async Task CloseAsync()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }

        await ended.Task;
        session.Dispose();
    }

    private void Loop()
    {
        while (TakeBatch() is { Count: > 0 } batch)
            Commit(batch);
        ended.SetResult();
    }

    private List<PendingWrite> TakeBatch()
    {
        lock (gate)
        {
            while (waiting.Count == 0 && !closed)
                Monitor.Wait(gate);
            var batch = waiting;
            waiting = [];
            return batch;
        }
    }

    private void Commit(List<PendingWrite> batch)
    {
        batch.RemoveAll(write => write.IsGivenUp);
        if (batch.Count == 0)
            return;
        try
        {
            session.Begin();
            foreach (var write in batch)
                write.Apply(session);
            var wrote = session.HasWritten;
            session.Execute("commit");
            Failed &= !wrote;
            Commits++;
        }
        catch (Exception failure)
        {
            // Whatever went wrong went wrong for a whole transaction; the writer itself must live on.
            Failed |= failure is SqliteException;
            Abandon(batch, failure);
            return;
        }

        foreach (var write in batch)
            write.Complete();
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
            // The failure that is reported is the first one; the next transaction shows whether the database still works.
        }

        foreach (var write in batch)
            write.Fail(failure is SqliteException ? new TransportException(SqliteSchema.Describe(file, failure), failure) : failure);
    }
}
