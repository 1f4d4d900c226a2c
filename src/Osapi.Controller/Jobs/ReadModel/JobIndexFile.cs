using System.Data;
using Microsoft.Data.Sqlite;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Embedded;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>
/// The file of the read model. A damaged one is renamed, one of another version is deleted, and an empty one takes its
/// place.
/// </summary>
internal sealed class JobIndexFile : IDisposable
{
    /// <summary>The suffix of a damaged file, which is kept for analysis.</summary>
    public const string DamagedSuffix = ".damaged";

    // Queries wait behind a write that another process blocks.
    private const int BusySeconds = 1;

    private static readonly string[] Parts = ["", "-wal", "-shm"];

    // Statements are kept prepared. Queries with filters have many texts, of which only the first are kept.
    private const int MaxPrepared = 64;

    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> prepared = [];
    private readonly Dictionary<string, (SqliteStatement Statement, int[] Positions)> statements = [];

    private JobIndexFile(SqliteConnection connection) => this.connection = connection;

    /// <exception cref="SqliteException">The file cannot be opened, and is not damaged.</exception>
    public static JobIndexFile Open(string path) => TryOpen(path) ?? Replace(path);

    /// <summary>Opens the file once more for reading, after <see cref="Open"/>.</summary>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public static JobIndexFile OpenAgain(string path)
    {
        JobIndexFile file = new(Connection(path));
        try
        {
            file.connection.Open();
            file.Execute(JobIndexSchema.ReaderSettings);
            SqliteStatement.WaitForOthers(file.connection, TimeSpan.FromSeconds(BusySeconds));
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Renames a damaged file; replaces an earlier one.</summary>
    public static void RenameDamaged(string path)
    {
        foreach (var part in Parts)
            if (File.Exists(path + part))
                File.Move(path + part, path + DamagedSuffix + part, overwrite: true);
            else
                File.Delete(path + DamagedSuffix + part);
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values)
            command.Dispose();
        prepared.Clear();
        foreach (var (statement, _) in statements.Values)
            statement.Dispose();
        statements.Clear();
        connection.Dispose();
    }

    /// <summary>Performs changes in one commit, or none of them.</summary>
    public void Commit(Action changes)
    {
        FastExecute("BEGIN IMMEDIATE");
        try
        {
            changes();
            FastExecute("COMMIT");
        }
        // SQLite ends a transaction by itself when the disk fails.
        catch when (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
        {
            Execute("ROLLBACK");
            throw;
        }
    }

    public object? Scalar(string text, params ReadOnlySpan<(string Name, object? Value)> parameters) => Command(text, parameters).ExecuteScalar();

    /// <summary>Gets the first value of a statement that is executed for many messages; null without a row.</summary>
    public object? FastScalar(string text, params ReadOnlySpan<(string Name, object? Value)> parameters) => Statement(text, parameters).Scalar();

    public void Execute(string text, params ReadOnlySpan<(string Name, object? Value)> parameters) => Command(text, parameters).ExecuteNonQuery();

    /// <summary>Executes a statement that is executed for many messages.</summary>
    public void FastExecute(string text, params ReadOnlySpan<(string Name, object? Value)> parameters) => Statement(text, parameters).Execute();

    /// <summary>Starts a query. Its result must be disposed before the same query starts again.</summary>
    public SqliteDataReader Query(string text, params ReadOnlySpan<(string Name, object? Value)> parameters) => Command(text, parameters).ExecuteReader();

    private SqliteStatement Statement(string text, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!statements.TryGetValue(text, out var known))
        {
            SqliteStatement statement = new(Opened(), text);
            known = (statement, new int[parameters.Length]);
            for (var at = 0; at < parameters.Length; at++)
                known.Positions[at] = statement.PositionOf(parameters[at].Name);
            statements[text] = known;
        }

        // The same text has the same parameters, in the same order.
        for (var at = 0; at < parameters.Length; at++)
            known.Statement.Bind(known.Positions[at], ValueOf(parameters[at].Value));
        return known.Statement;
    }

    private SqliteCommand Command(string text, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var opened = Opened();
        if (!prepared.TryGetValue(text, out var command))
        {
            command = opened.CreateCommand();
            command.CommandText = text;
            if (prepared.Count < MaxPrepared)
                prepared[text] = command;
        }

        Bind(command.Parameters, parameters);
        return command;
    }

    // The same text has the same parameters, in the same order.
    private static void Bind(SqliteParameterCollection bound, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var isFirst = bound.Count == 0;
        for (var at = 0; at < parameters.Length; at++)
        {
            var value = ValueOf(parameters[at].Value);
            if (isFirst)
                bound.AddWithValue(parameters[at].Name, value);
            else
                bound[at].Value = value;
        }
    }

    private static object ValueOf(object? value) => value is JobId id ? id.ToString() : value ?? DBNull.Value;

    private SqliteConnection Opened() => connection.State == ConnectionState.Open ? connection : throw new TransportException("the read model is being rebuilt from the log; try again");

    private static SqliteConnection Connection(string path) => new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = BusySeconds }.ToString());

    private static JobIndexFile? TryOpen(string path)
    {
        // The file contains requests and results; SQLite gives its other files the same mode.
        using (new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
        }

        JobIndexFile file = new(Connection(path));
        var damaged = true;
        try
        {
            file.connection.Open();
            file.Execute(JobIndexSchema.Settings);
            SqliteStatement.WaitForOthers(file.connection, TimeSpan.FromSeconds(BusySeconds));
            if (file.Scalar("SELECT count(*) FROM sqlite_schema") is 0L)
                file.Execute(JobIndexSchema.Tables);
            if (file.Scalar("PRAGMA user_version") is JobIndexSchema.Version && file.Scalar("PRAGMA quick_check(1)") is "ok")
                return file;
            damaged = file.Scalar("PRAGMA user_version") is JobIndexSchema.Version;
        }
        catch (SqliteException exception) when (JobIndexHealth.IsDamage(exception))
        {
            // It is replaced, like one of another version.
        }
        catch
        {
            file.Dispose();
            throw;
        }

        file.Dispose();
        if (damaged)
            RenameDamaged(path);
        return null;
    }

    private static JobIndexFile Replace(string path)
    {
        foreach (var part in Parts)
            File.Delete(path + part);
        return TryOpen(path) ?? throw new IOException($"{path} cannot be recreated.");
    }
}
