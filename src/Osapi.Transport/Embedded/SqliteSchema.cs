using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Osapi.Transport.Embedded;

/// <summary>The tables of the store, and their creation and migration.</summary>
internal static class SqliteSchema
{
    // "OSAP": distinguishes a store from any other SQLite file.
    private const long ApplicationId = 0x4F534150;
    private const long Version = 4;

    // Version 1 kept the drain decision in the host's own record. Versions 1 and 2 had no runs, version 3 no audit log.
    private const string Roster = """
        create table roster (
            revision integer primary key autoincrement,
            key text not null unique,
            value blob not null);
        """;

    private const string Rest = """
        create table hosts (
            revision integer primary key autoincrement,
            key text not null unique,
            value blob not null);
        create table objects (
            bucket text not null,
            name text not null,
            file text not null,
            size integer not null,
            sha256 text not null,
            modified integer not null,
            metadata text,
            primary key (bucket, name)) without rowid;
        """;

    /// <summary>Gets the name of a log as part of its tables' names.</summary>
    public static string NameOf(StreamName stream) => stream switch
    {
        StreamName.Jobs => "jobs",
        StreamName.Commands => "commands",
        StreamName.WorkQueue => "any",
        StreamName.Runs => "runs",
        StreamName.Audit => "audit",
        _ => throw new ArgumentOutOfRangeException(nameof(stream), stream, "There is no such log."),
    };

    /// <summary>Opens the store's first session, creating the tables in an empty file.</summary>
    public static SqliteSession Open(string file, DateTimeOffset now)
    {
        PrivateFiles.Create(file);
        SqliteSession session = new(file);
        try
        {
            Prepare(session, file, now);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Describes a failure of the database for an error message.</summary>
    public static string Describe(string file, Exception failure)
    {
        const int Corrupt = 11;
        const int NotADatabase = 26;
        return failure is SqliteException { SqliteErrorCode: Corrupt or NotADatabase }
            ? $"The store {file} is damaged: {failure.Message} Restore it, or move it away to start with an empty one."
            : $"The store {file} failed: {failure.Message}";
    }

    private static void Prepare(SqliteSession session, string file, DateTimeOffset now)
    {
        if (session.Scalar("pragma journal_mode = wal") is not "wal")
            throw new TransportException($"The store {file} is on a file system without shared memory, which SQLite's write-ahead log needs.");
        // FULL: a commit is durable when it returns.
        session.Script("pragma synchronous = full; pragma journal_size_limit = 67108864;");

        var version = (long)session.Scalar("pragma user_version")!;
        if (version == 0 && (long)session.Scalar("select count(*) from sqlite_schema")! == 0)
            Create(session, now);
        else if ((long)session.Scalar("pragma application_id")! != ApplicationId)
            throw new TransportException($"{file} is a database of another application.");
        else if (version is >= 1 and < Version)
            session.Script($"begin immediate; {(version == 1 ? Roster : "")} {(version < 3 ? LogOf(NameOf(StreamName.Runs), now) : "")} {LogOf(NameOf(StreamName.Audit), now)} pragma user_version = {Version}; commit;");
        else if (version != Version)
            throw new TransportException($"The store {file} has version {version}; this program knows version {Version}.");
    }

    private static void Create(SqliteSession session, DateTimeOffset now)
    {
        var logs = string.Concat(Enum.GetValues<StreamName>().Select(stream => LogOf(NameOf(stream), now)));
        session.Script($"""
            begin immediate;
            create table streams (name text primary key, created integer not null) without rowid;
            {logs}
            {Rest}
            {Roster}
            pragma application_id = {ApplicationId};
            pragma user_version = {Version};
            commit;
            """);
    }

    // AUTOINCREMENT makes sequences gapless and never reused: its counter is part of the transaction and outlives the
    // rows. Ids are stored apart from messages because a repeated append must be recognized after its message was
    // removed.
    private static string LogOf(string name, DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"""
        create table log_{name} (
            sequence integer primary key autoincrement,
            subject text not null,
            time integer not null,
            payload blob not null);
        create index log_{name}_subject on log_{name} (subject);
        create table ids_{name} (
            position integer primary key autoincrement,
            id text not null unique,
            sequence integer not null,
            time integer not null);
        insert into streams values ('{name}', {now.UtcTicks});
        """);
}
