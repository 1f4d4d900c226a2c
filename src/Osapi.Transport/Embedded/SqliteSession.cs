using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Osapi.Transport.Embedded;

/// <summary>One connection with its prepared statements. It is used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    // The provider waits as long for another process, such as a backup.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private readonly SqliteConnection connection;
    private readonly Dictionary<string, (SqliteStatement Statement, int[] Positions)> statements = [];
    private readonly Dictionary<string, SqliteCommand> queries = [];
    private int changesAtBegin;

    public SqliteSession(string file)
    {
        // Sessions are pooled by their owners; the provider's pool would keep files open after the store is closed.
        connection = new(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        SqliteStatement.WaitForOthers(connection, MaxWait);
        // What is removed is overwritten: a deleted job leaves nothing.
        Script("pragma secure_delete = on");
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
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Statement(sql, values).Execute();

    /// <summary>Gets the first column of the first row; null without a row.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values) => Statement(sql, values).Scalar();

    public SqliteDataReader Query(string sql, params ReadOnlySpan<object?> values) => Command(sql, values).ExecuteReader();

    /// <summary>Executes statements that are run once and not prepared.</summary>
    public void Script(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var (statement, _) in statements.Values)
            statement.Dispose();
        foreach (var query in queries.Values)
            query.Dispose();
        connection.Dispose();
    }

    private SqliteStatement Statement(string sql, ReadOnlySpan<object?> values)
    {
        if (!statements.TryGetValue(sql, out var known))
        {
            SqliteStatement statement = new(connection, sql);
            // SQLite counts parameters in the order of the text.
            known = (statement, [.. Enumerable.Range(1, values.Length).Select(number => statement.PositionOf(string.Create(CultureInfo.InvariantCulture, $"${number}")))]);
            statements[sql] = known;
        }

        for (var i = 0; i < values.Length; i++)
            known.Statement.Bind(known.Positions[i], values[i]);
        return known.Statement;
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<object?> values)
    {
        if (!queries.TryGetValue(sql, out var query))
        {
            query = connection.CreateCommand();
            query.CommandText = sql;
            for (var number = 1; number <= values.Length; number++)
                query.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"${number}") });
            queries[sql] = query;
        }

        for (var i = 0; i < values.Length; i++)
            query.Parameters[i].Value = values[i] ?? DBNull.Value;
        return query;
    }
}
