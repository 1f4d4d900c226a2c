using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Osapi.Transport.Embedded;

/// <summary>One connection with its prepared statements. It is used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> statements = [];
    private int changesAtBegin;

    public SqliteSession(string file)
    {
        // Sessions are pooled by their owners; the provider's pool would keep files open after the store is closed.
        connection = new(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
    }

    /// <summary>True between begin and commit. SQLite ends a transaction by itself when the disk fails.</summary>
    public bool InTransaction => SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>True between begin and commit once a row was changed.</summary>
    public bool HasWritten => SQLitePCL.raw.sqlite3_total_changes(connection.Handle) != changesAtBegin;

    public void Begin()
    {
        Execute("begin immediate");
        changesAtBegin = SQLitePCL.raw.sqlite3_total_changes(connection.Handle);
    }

    /// <summary>Executes a statement whose parameters are named $1, $2 and so on.</summary>
    /// <returns>The number of rows changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Statement(sql, values).ExecuteNonQuery();

    /// <summary>Gets the first column of the first row; null without a row.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values) => Statement(sql, values).ExecuteScalar() is { } value and not DBNull ? value : null;

    public SqliteDataReader Query(string sql, params ReadOnlySpan<object?> values) => Statement(sql, values).ExecuteReader();

    /// <summary>Executes statements that are run once and not prepared.</summary>
    public void Script(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values)
            statement.Dispose();
        connection.Dispose();
    }

    private SqliteCommand Statement(string sql, ReadOnlySpan<object?> values)
    {
        if (!statements.TryGetValue(sql, out var statement))
        {
            statement = connection.CreateCommand();
            statement.CommandText = sql;
            for (var number = 1; number <= values.Length; number++)
                statement.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"${number}") });
            statements[sql] = statement;
        }

        for (var i = 0; i < values.Length; i++)
            statement.Parameters[i].Value = values[i] ?? DBNull.Value;
        return statement;
    }
}
