using System.Data;
using Microsoft.Data.Sqlite;
using Osapi.Operations;
using Osapi.Transport;

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

    private readonly SqliteConnection connection;

    private JobIndexFile(SqliteConnection connection) => this.connection = connection;

    /// <exception cref="SqliteException">The file cannot be opened, and is not damaged.</exception>
    public static JobIndexFile Open(string path) => TryOpen(path) ?? Replace(path);

    /// <summary>Renames a damaged file; replaces an earlier one.</summary>
    public static void RenameDamaged(string path)
    {
        foreach (var part in Parts)
            if (File.Exists(path + part))
                File.Move(path + part, path + DamagedSuffix + part, overwrite: true);
            else
                File.Delete(path + DamagedSuffix + part);
    }

    public void Dispose() => connection.Dispose();

    public SqliteTransaction Begin() => Opened().BeginTransaction();

    public object? Scalar(string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(text, parameters);
        return command.ExecuteScalar();
    }

    public void Execute(string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(text, parameters);
        command.ExecuteNonQuery();
    }

    public SqliteCommand Command(string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = Opened().CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value is JobId id ? id.ToString() : value ?? DBNull.Value);
        return command;
    }

    private SqliteConnection Opened() => connection.State == ConnectionState.Open ? connection : throw new TransportException("the read model is being rebuilt from the log; try again");

    private static JobIndexFile? TryOpen(string path)
    {
        // The file contains requests and results; SQLite gives its other files the same mode.
        using (new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
        }

        JobIndexFile file = new(new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = BusySeconds }.ToString()));
        var damaged = true;
        try
        {
            file.connection.Open();
            file.Execute(JobIndexSchema.Settings);
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
