using Microsoft.Data.Sqlite;

namespace Osapi.Transport.Embedded;

/// <summary>Opens the files of a state directory.</summary>
internal static class EmbeddedStore
{
    /// <summary>Locks the directory and opens the database; both are released when anything fails.</summary>
    /// <param name="options">The options.</param>
    /// <param name="create">Creates the owner of the lock and the session.</param>
    /// <exception cref="StateDirectoryBusyException">Another process or transport has it open.</exception>
    /// <exception cref="TransportException">The store cannot be read or written, or it is damaged.</exception>
    public static T Open<T>(EmbeddedOptions options, Func<StateLock, string, SqliteSession, T> create)
    {
        StateLock stateLock;
        try
        {
            stateLock = StateLock.Acquire(options.Directory);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TransportException($"The state directory {options.Directory} cannot be used: {failure.Message}", failure);
        }

        SqliteSession? session = null;
        var file = Path.Combine(options.Directory, EmbeddedOptions.FileName);
        try
        {
            session = SqliteSchema.Open(file, options.TimeProvider.GetUtcNow());
            return create(stateLock, file, session);
        }
        catch (Exception failure)
        {
            session?.Dispose();
            stateLock.Dispose();
            if (failure is SqliteException or IOException or UnauthorizedAccessException)
                throw new TransportException(SqliteSchema.Describe(file, failure), failure);
            throw;
        }
    }
}
