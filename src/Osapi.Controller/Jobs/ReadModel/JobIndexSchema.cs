namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>The tables of the read model.</summary>
internal static class JobIndexSchema
{
    /// <summary>A new layout gets a new number: a file with another number is deleted and rebuilt from the log.</summary>
    public const long Version = 5;

    // Writes need not be durable: what a power cut loses is read from the log again.
    public const string Settings = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA secure_delete = ON;
        PRAGMA busy_timeout = 250;
        """;

    public const string ReaderSettings = """
        PRAGMA query_only = ON;
        PRAGMA busy_timeout = 250;
        """;

    // Each index ends with the sequence, which is the key of the rows, so that the newest matching jobs are found without sorting. The status of a
    // state row is that of its job after it. A head is the record or the state without its large parts, request and
    // result: lists and event streams read only heads. A tombstone without "done" still has messages in the log to be
    // removed.
    public static string Tables { get; } = $"""
        BEGIN;
        CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
        CREATE TABLE job (
            seq INTEGER PRIMARY KEY, id TEXT UNIQUE, created INTEGER, updated INTEGER, status INTEGER,
            operation TEXT, target TEXT, caller TEXT, retry_of TEXT, run TEXT, head BLOB, record BLOB);
        CREATE INDEX job_by_status ON job (status);
        CREATE INDEX job_by_operation ON job (operation);
        CREATE INDEX job_by_target ON job (target);
        CREATE INDEX job_by_caller ON job (caller);
        CREATE INDEX job_by_created ON job (created);
        CREATE INDEX job_by_updated ON job (updated);
        CREATE INDEX job_by_retry ON job (retry_of) WHERE retry_of IS NOT NULL;
        CREATE INDEX job_by_run ON job (run) WHERE run IS NOT NULL;
        CREATE TABLE host (host TEXT, seq INTEGER, PRIMARY KEY (host, seq)) WITHOUT ROWID;
        CREATE INDEX host_by_seq ON host (seq);
        CREATE TABLE state (seq INTEGER PRIMARY KEY, job TEXT, executor TEXT, time INTEGER, status INTEGER, head BLOB, event BLOB);
        CREATE INDEX state_by_job ON state (job);
        CREATE TABLE tombstone (job TEXT PRIMARY KEY, seq INTEGER, time INTEGER, done INTEGER, record BLOB);
        CREATE INDEX tombstone_by_seq ON tombstone (seq);
        PRAGMA user_version = {Version};
        COMMIT;
        """;
}
