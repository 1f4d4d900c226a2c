namespace Osapi.Controller.Runs.ReadModel;

/// <summary>The tables of the read model of runs.</summary>
internal static class RunIndexSchema
{
    /// <summary>A new layout gets a new number: a file with another number is deleted and rebuilt from the log.</summary>
    public const long Version = 2;

    // A cell's host is empty for a task that does not run on hosts, and while its host is not known. An owed step belongs to the run that says
    // that it is owed, its reporter, until another run takes it. The status of a run that has not ended is 0. The steps that a run took and
    // those that it owes are kept apart from its state, because they may be many. Of sealed inputs only the place is known.
    public static string Tables { get; } = $"""
        BEGIN;
        CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
        CREATE TABLE run (
            seq INTEGER PRIMARY KEY, id TEXT UNIQUE, plan TEXT, caller TEXT, started INTEGER, updated INTEGER, status INTEGER,
            state BLOB, taken BLOB, owed BLOB, wish TEXT);
        CREATE INDEX run_by_plan ON run (plan);
        CREATE INDEX run_by_caller ON run (caller);
        CREATE INDEX run_by_started ON run (started);
        CREATE INDEX run_by_status ON run (status, updated);
        CREATE TABLE cell (run INTEGER, task TEXT, host TEXT, status TEXT, PRIMARY KEY (run, task, host)) WITHOUT ROWID;
        CREATE TABLE owed (
            plan TEXT, task TEXT, host TEXT, origin TEXT, operation TEXT, caller TEXT, since INTEGER, reporter TEXT, taken_by TEXT, host_key TEXT,
            PRIMARY KEY (plan, task, host, origin)) WITHOUT ROWID;
        CREATE INDEX owed_by_taker ON owed (taken_by);
        CREATE INDEX owed_by_reporter ON owed (reporter);
        CREATE TABLE content (run TEXT, key TEXT, number INTEGER, seq INTEGER, time INTEGER, data BLOB, PRIMARY KEY (run, key, number)) WITHOUT ROWID;
        CREATE TABLE input (seq INTEGER PRIMARY KEY, run TEXT, time INTEGER);
        CREATE TABLE forgotten (seq INTEGER PRIMARY KEY, plan TEXT, subject TEXT);
        CREATE TABLE tombstone (seq INTEGER PRIMARY KEY, run TEXT, time INTEGER);
        PRAGMA user_version = {Version};
        COMMIT;
        """;
}
