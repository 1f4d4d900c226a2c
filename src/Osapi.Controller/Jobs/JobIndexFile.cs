using Microsoft.Data.Sqlite;

namespace Osapi.Controller.Jobs;

/// <summary>The file of the read model. One that is damaged, or of another version, is replaced by an empty one.</summary>
internal sealed class JobIndexFile : IDisposable
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    private readonly SqliteConnection connection;

    private JobIndexFile(SqliteConnection connection) => this.connection = connection;

    public static JobIndexFile Open(string path) => TryOpen(path) ?? Replace(path);

    public void Dispose() => connection.Dispose();

    public SqliteTransaction Begin() => connection.BeginTransaction();

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
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private static JobIndexFile? TryOpen(string path)
    {
        // Requests and results stand in it; SQLite gives its other files the same mode.
        using (new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
        }

        JobIndexFile file = new(new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString()));
        try
        {
            file.connection.Open();
            file.Execute(JobIndexSchema.Settings);
            if (file.Scalar("SELECT count(*) FROM sqlite_schema") is 0L)
                file.Execute(JobIndexSchema.Tables);
            if (file.Scalar("PRAGMA user_version") is JobIndexSchema.Version && file.Scalar("PRAGMA quick_check(1)") is "ok")
                return file;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is Corrupt or NotADatabase)
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

    private static JobIndexFile Replace(string path)
    {
        foreach (var part in (ReadOnlySpan<string>)["", "-wal", "-shm"])
            File.Delete(path + part);
        return TryOpen(path) ?? throw new IOException($"{path} cannot be made anew.");
    }
}
