using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Osapi.Transport.Embedded;

/// <summary>A prepared statement without rows, or of which only the first value counts.</summary>
/// <remarks>A command of the provider looks up each parameter by its name and makes a reader for each execution, which costs more than the statement itself.</remarks>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    /// <summary>Prepares one statement.</summary>
    /// <exception cref="SqliteException">It is not valid.</exception>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement));
    }

    /// <summary>Sets how long a statement of the connection waits for another process that has the file locked.</summary>
    public static void WaitForOthers(SqliteConnection connection, TimeSpan limit) => raw.sqlite3_busy_timeout(connection.Handle, (int)limit.TotalMilliseconds);

    /// <summary>Gets the position of a named parameter, from 1; 0 when there is none.</summary>
    public int PositionOf(string name) => raw.sqlite3_bind_parameter_index(statement, name);

    /// <summary>Sets a parameter: null, an integer, text or bytes.</summary>
    public void Bind(int position, object? value) => Check(value switch
    {
        null or DBNull => raw.sqlite3_bind_null(statement, position),
        long number => raw.sqlite3_bind_int64(statement, position, number),
        int number => raw.sqlite3_bind_int64(statement, position, number),
        string text => raw.sqlite3_bind_text(statement, position, text),
        // Without bytes it would be null.
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(statement, position, 0),
        byte[] bytes => raw.sqlite3_bind_blob(statement, position, bytes),
        _ => throw new ArgumentException($"A value of type {value.GetType().Name} cannot be stored.", nameof(value)),
    });

    /// <summary>Executes the statement.</summary>
    /// <returns>The number of rows that it changed.</returns>
    /// <exception cref="SqliteException">It failed.</exception>
    public int Execute()
    {
        Run();
        return raw.sqlite3_changes(database);
    }

    /// <summary>Executes the statement, and gets the first value of the first row; null without a row.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public object? Scalar()
    {
        var isRow = Step() == raw.SQLITE_ROW;
        var value = isRow ? Value() : null;
        Reset();
        return value;
    }

    public void Dispose() => statement.Dispose();

    private void Run()
    {
        while (Step() == raw.SQLITE_ROW)
        {
        }

        Reset();
    }

    private int Step()
    {
        var result = raw.sqlite3_step(statement);
        if (result is raw.SQLITE_ROW or raw.SQLITE_DONE)
            return result;
        try
        {
            Check(result);
        }
        finally
        {
            Reset();
        }

        return result;
    }

    // What was bound last, such as a large payload, is not kept.
    private void Reset()
    {
        _ = raw.sqlite3_reset(statement);
        _ = raw.sqlite3_clear_bindings(statement);
    }

    private object? Value() => raw.sqlite3_column_type(statement, 0) switch
    {
        raw.SQLITE_INTEGER => raw.sqlite3_column_int64(statement, 0),
        raw.SQLITE_TEXT => raw.sqlite3_column_text(statement, 0).utf8_to_string(),
        raw.SQLITE_BLOB => raw.sqlite3_column_blob(statement, 0).ToArray(),
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(statement, 0),
        _ => null,
    };

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, database);
}
