namespace Osapi.Controller.Jobs;

/// <summary>The tables of the read model.</summary>
internal static class JobIndexSchema
{
    // A new layout gets a new version number: the tables are dropped and filled from the log again.
    public const string Text = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA busy_timeout = 5000;
        CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS job (id TEXT PRIMARY KEY, seq INTEGER, created INTEGER, updated INTEGER, status INTEGER, record BLOB);
        CREATE INDEX IF NOT EXISTS job_by_seq ON job (seq);
        CREATE INDEX IF NOT EXISTS job_by_status ON job (status, seq);
        CREATE TABLE IF NOT EXISTS state (job TEXT, executor TEXT, seq INTEGER, time INTEGER, event BLOB, PRIMARY KEY (job, seq)) WITHOUT ROWID;
        """;
}
