using System.Runtime.CompilerServices;

namespace Osapi.Transport.Embedded;

/// <summary>A bucket of keys. A revision comes from a counter that is never reset, even when rows are removed.</summary>
internal sealed class SqliteKeyValues(string table, GroupCommitWriter writer, ReaderPool readers) : IKeyValues
{
    private readonly ChangeFeed<Change> changes = new();

    private string PutSql => field ??= $"insert or replace into {table} (key, value) values ($1, $2) returning revision";

    private string GetSql => field ??= $"select value, revision from {table} where key = $1";

    private string DeleteSql => field ??= $"delete from {table} where key = $1";

    private string RevisionSql => field ??= $"select revision from {table} where key = $1";

    private string ListSql => field ??= $"select key, value, revision from {table} where revision > $1 order by revision";

    public Task<long?> PutAsync(string key, ReadOnlyMemory<byte> value, long? expectedRevision, CancellationToken cancellationToken)
    {
        Names.CheckKey(key);
        var content = value.ToArray();
        return writer.RunAsync(Put, revision => Notify(new(key, content, revision ?? 0), removed: false), cancellationToken);

        long? Put(SqliteSession session)
        {
            if (expectedRevision is { } expected && (RevisionOf(session, key) ?? 0) != expected)
                return null;
            return (long)session.Scalar(PutSql, key, content)!;
        }
    }

    public Task<KeyValue?> GetAsync(string key, CancellationToken cancellationToken)
    {
        Names.CheckKey(key);
        return readers.ReadAsync(Get, cancellationToken);

        KeyValue? Get(SqliteSession session)
        {
            using var row = session.Query(GetSql, key);
            return row.Read() ? new(key, row.GetFieldValue<byte[]>(0), row.GetInt64(1)) : null;
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        Names.CheckKey(key);
        return writer.RunAsync(Delete, revision => Notify(new(key, default, revision ?? 0), removed: true), cancellationToken);

        long? Delete(SqliteSession session)
        {
            if (RevisionOf(session, key) is null)
                return null;
            // A removal is a change and also gets a revision.
            var revision = (long)session.Scalar(PutSql, key, Array.Empty<byte>())!;
            session.Execute(DeleteSql, key);
            return revision;
        }
    }

    public Task<IReadOnlyList<KeyValue>> ListAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(session => List(session, after: 0), cancellationToken);

    public async IAsyncEnumerable<KeyValue> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<string> known = [];
        long seen = 0;
        while (changes.Subscribe(_ => true) is { } subscription)
        {
            using var activeSubscription = subscription;
            if (ReadCurrent(known, seen) is not { } current)
                yield break;
            foreach (var change in current.Changes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Remember(known, change);
                yield return change.Value;
            }

            seen = current.Revision;
            await foreach (var change in activeSubscription.ReadAllAsync(cancellationToken))
            {
                if (change.Value.Revision <= seen)
                    continue;
                seen = change.Value.Revision;
                Remember(known, change);
                yield return change.Value;
            }
        }
    }

    public void Close() => changes.Close();

    private static void Remember(HashSet<string> known, Change change)
    {
        if (change.Removed)
            known.Remove(change.Value.Key);
        else
            known.Add(change.Value.Key);
    }

    private long? RevisionOf(SqliteSession session, string key) => (long?)session.Scalar(RevisionSql, key);

    private IReadOnlyList<KeyValue> List(SqliteSession session, long after)
    {
        List<KeyValue> values = [];
        using var rows = session.Query(ListSql, after);
        while (rows.Read())
            values.Add(new(rows.GetString(0), rows.GetFieldValue<byte[]>(1), rows.GetInt64(2)));
        return values;
    }

    private void Notify(KeyValue value, bool removed)
    {
        if (value.Revision == 0)
            return;
        changes.Add(new(value, removed));
        changes.Publish();
    }

    /// <summary>
    /// Reads the changes that a watcher has not seen: at first every value, after falling behind the changes since,
    /// including removals. Null when the store is closed.
    /// </summary>
    private Current? ReadCurrent(HashSet<string> known, long seen)
    {
        try
        {
            return readers.Read(session =>
            {
                session.Execute("begin");
                try
                {
                    var revision = (long?)session.Scalar("select seq from sqlite_sequence where name = $1", table) ?? 0;
                    var stored = List(session, seen).Select(value => new Change(value, Removed: false));
                    var deleted = known.Where(key => RevisionOf(session, key) is null).Select(key => new Change(new(key, default, revision), Removed: true));
                    return new Current([.. stored, .. deleted], revision);
                }
                finally
                {
                    session.Execute("commit");
                }
            });
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    private sealed record Change(KeyValue Value, bool Removed);

    private sealed record Current(IReadOnlyList<Change> Changes, long Revision);
}
