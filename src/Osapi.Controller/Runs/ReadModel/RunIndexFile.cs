using Microsoft.Data.Sqlite;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs.ReadModel;

/// <summary>The file of the read model of runs. A damaged one, or one of another version, is deleted: it is rebuilt from the log.</summary>
internal sealed class RunIndexFile : IDisposable
{
    private const int BusySeconds = 1;
    private const int MaxPrepared = 64;

    private static readonly string[] Parts = ["", "-wal", "-shm"];

    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> prepared = [];

    private RunIndexFile(string path)
    {
        // The file contains the files of plans; SQLite gives its other files the same mode.
        using (new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
        }

        connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
    }

    /// <exception cref="IOException">The file cannot be opened or created.</exception>
    public static RunIndexFile Open(string path)
    {
        try
        {
            return TryOpen(path) ?? Replace(path);
        }
        catch (SqliteException failure)
        {
            throw new IOException($"{JobIndexHealth.Describe(failure)} ({path})", failure);
        }
    }

    /// <summary>Deletes the file, and creates an empty one.</summary>
    public static RunIndexFile Replace(string path)
    {
        foreach (var part in Parts)
            File.Delete(path + part);
        return TryOpen(path) ?? throw new IOException($"{path} cannot be recreated.");
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values)
            command.Dispose();
        prepared.Clear();
        connection.Dispose();
    }

    /// <summary>Performs changes in one commit, or none of them.</summary>
    public void Commit(Action changes)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            changes();
            Execute("COMMIT");
        }
        // SQLite ends a transaction by itself when the disk fails.
        catch when (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
        {
            Execute("ROLLBACK");
            throw;
        }
    }

    public object? Scalar(string text, params ReadOnlySpan<(string Name, object? Value)> parameters) => Command(text, parameters).ExecuteScalar();

    public int Execute(string text, params ReadOnlySpan<(string Name, object? Value)> parameters) => Command(text, parameters).ExecuteNonQuery();

    /// <summary>Reads the rows of a query.</summary>
    public List<T> Rows<T>(string text, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var rows = Command(text, parameters).ExecuteReader();
        List<T> all = [];
        while (rows.Read())
            all.Add(row(rows));
        return all;
    }

    private SqliteCommand Command(string text, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!prepared.TryGetValue(text, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = text;
            if (prepared.Count < MaxPrepared)
                prepared[text] = command;
        }

        command.Parameters.Clear();
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value is RunId id ? id.Value : value ?? DBNull.Value);
        return command;
    }

    private static RunIndexFile? TryOpen(string path)
    {
        RunIndexFile file = new(path);
        try
        {
            file.connection.Open();
            file.Execute(JobIndexSchema.Settings);
            if (file.Scalar("SELECT count(*) FROM sqlite_schema") is 0L)
                file.Execute(RunIndexSchema.Tables);
            if (file.Scalar("PRAGMA user_version") is RunIndexSchema.Version && file.Scalar("PRAGMA quick_check(1)") is "ok")
                return file;
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
        return null;
    }
}
