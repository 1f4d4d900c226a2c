namespace Osapi.Controller.Jobs;

/// <summary>The tables of the read model.</summary>
internal static class JobIndexSchema
{
    /// <summary>A new layout gets a new number: a file with another one is thrown away and filled from the log again.</summary>
    public const long Version = 1;

    // It need not reach the disk at once: what a power cut takes is read from the log again.
    public const string Settings = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA busy_timeout = 5000;
        """;

    public static string Tables { get; } = $"""
        BEGIN;
        CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
        CREATE TABLE job (id TEXT PRIMARY KEY, seq INTEGER, created INTEGER, updated INTEGER, status INTEGER, record BLOB);
        CREATE INDEX job_by_seq ON job (seq);
        CREATE INDEX job_by_status ON job (status, seq);
        CREATE TABLE state (job TEXT, executor TEXT, seq INTEGER, time INTEGER, event BLOB, PRIMARY KEY (job, seq)) WITHOUT ROWID;
        PRAGMA user_version = {Version};
        COMMIT;
        """;
}
