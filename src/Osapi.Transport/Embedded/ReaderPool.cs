using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Osapi.Transport.Embedded;

/// <summary>A pool of sessions that read beside the writer.</summary>
/// <remarks>
/// A read takes microseconds to milliseconds and runs on its caller's thread. The pool grows to the highest number of
/// concurrent reads.
/// </remarks>
internal sealed class ReaderPool(string file) : IDisposable
{
    private readonly ConcurrentBag<SqliteSession> idle = [];
    private volatile bool disposed;

    public Task<T> ReadAsync<T>(Func<SqliteSession, T> query, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        try
        {
            return Task.FromResult(Read(query));
        }
        catch (Exception failure) when (failure is TransportException or ObjectDisposedException)
        {
            return Task.FromException<T>(failure);
        }
    }

    /// <exception cref="TransportException">The database failed.</exception>
    public T Read<T>(Func<SqliteSession, T> query)
    {
        ObjectDisposedException.ThrowIf(disposed, typeof(EmbeddedTransport));
        try
        {
            SqliteSession? session = idle.TryTake(out var free) ? free : new(file);
            try
            {
                var result = query(session);
                idle.Add(session);
                session = null;
                return result;
            }
            finally
            {
                // A failed session may be in any state, so it is not reused.
                session?.Dispose();
                if (disposed)
                    CloseIdle();
            }
        }
        catch (SqliteException failure)
        {
            throw new TransportException(SqliteSchema.Describe(file, failure), failure);
        }
    }

    public void Dispose()
    {
        disposed = true;
        CloseIdle();
    }

    private void CloseIdle()
    {
        while (idle.TryTake(out var session))
            session.Dispose();
    }
}
