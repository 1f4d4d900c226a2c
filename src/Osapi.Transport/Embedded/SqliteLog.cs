using Microsoft.Data.Sqlite;

namespace Osapi.Transport.Embedded;

/// <summary>One log: its rows, and the feed of its new messages.</summary>
internal sealed class SqliteLog(StreamName stream)
{
    private const int PageRows = 256;
    private const int PageBytes = 1 << 20;

    private readonly string name = SqliteSchema.NameOf(stream);

    /// <summary>The feed of every message after its commit.</summary>
    public ChangeFeed<Message> Feed { get; } = new(runsSubscribers: true);

    private string Table => field ??= $"log_{name}";
    private string Ids => field ??= $"ids_{name}";
    private string InsertSql => field ??= $"insert into {Table} (subject, time, payload) values ($1, $2, $3) returning sequence";
    private string InsertIdSql => field ??= $"insert into {Ids} (id, sequence, time) values ($1, $2, $3)";
    private string FindIdSql => field ??= $"select sequence from {Ids} where id = $1";
    private string LastSequenceSql => field ??= $"select max(sequence) from {Table} where subject = $1";
    private string LastSql => field ??= $"select subject, sequence, time, payload from {Table} where subject = $1 order by sequence desc limit 1";
    private string FindSql => field ??= $"select subject, sequence, time, payload from {Table} where sequence = $1";
    private string PageOfOneSql => field ??= $"select subject, sequence, time, payload from {Table} where sequence > $1 and subject = $2 order by sequence limit {PageRows}";
    private string PageSql => field ??= $"select subject, sequence, time, payload from {Table} where sequence > $1 and substr(subject, 1, $2) = $3 order by sequence limit {PageRows}";

    public Message Insert(SqliteSession session, Append message, DateTimeOffset time)
    {
        var payload = message.Payload.ToArray();
        var sequence = (long)session.Scalar(InsertSql, message.Subject, time.UtcTicks, payload)!;
        if (message.MessageId is { } id)
            session.Execute(InsertIdSql, id, sequence, time.UtcTicks);
        return new(message.Subject, sequence, time, payload) { Known = message.Known };
    }

    /// <summary>Finds the sequence of the message with this id; null when there is none.</summary>
    public long? FindId(SqliteSession session, string id) => (long?)session.Scalar(FindIdSql, id);

    /// <summary>Gets the sequence of the newest message of a subject; 0 when there is none.</summary>
    public long LastSequence(SqliteSession session, string subject) => (long?)session.Scalar(LastSequenceSql, subject) ?? 0;

    public Message? Last(SqliteSession session, string subject) => One(session.Query(LastSql, subject));

    public Message? Find(SqliteSession session, long sequence) => One(session.Query(FindSql, sequence));

    /// <summary>
    /// Reads the next page of messages after a sequence. A page is limited in count and bytes; it is empty at the end.
    /// </summary>
    public IReadOnlyList<Message> Page(SqliteSession session, string prefix, long after) => prefix.Length == 0 || prefix.EndsWith('.')
        ? Page(session.Query(PageSql, after, prefix.Length, prefix), PageRows)
        : PageOf(session, prefix, after, PageRows);

    /// <summary>Reads the next page of messages of one subject.</summary>
    public IReadOnlyList<Message> PageOf(SqliteSession session, string subject, long after, int maxCount) => Page(session.Query(PageOfOneSql, after, subject), maxCount);

    private static List<Message> Page(SqliteDataReader found, int maxCount)
    {
        List<Message> page = [];
        var bytes = 0;
        using var rows = found;
        while (page.Count < maxCount && bytes < PageBytes && rows.Read())
        {
            page.Add(Read(rows));
            bytes += page[^1].Payload.Length;
        }

        return page;
    }

    /// <summary>Gets the subject and sequence of every message in the log.</summary>
    public IReadOnlyList<(string Subject, long Sequence)> Sequences(SqliteSession session)
    {
        List<(string, long)> sequences = [];
        using var rows = session.Query($"select subject, sequence from {Table} order by sequence");
        while (rows.Read())
            sequences.Add((rows.GetString(0), rows.GetInt64(1)));
        return sequences;
    }

    public StreamState State(SqliteSession session) => new(
        new((long)session.Scalar("select created from streams where name = $1", name)!, TimeSpan.Zero),
        (long?)session.Scalar("select seq from sqlite_sequence where name = $1", Table) ?? 0);

    /// <summary>Gets the time of the newest message, in ticks; 0 for an empty log.</summary>
    public long NewestTime(SqliteSession session) => (long?)session.Scalar($"select time from {Table} order by sequence desc limit 1") ?? 0;

    public int Purge(SqliteSession session, string subject, long? before) =>
        session.Execute($"delete from {Table} where subject = $1 and sequence < $2", subject, before ?? long.MaxValue);

    public int Remove(SqliteSession session, long sequence) => session.Execute($"delete from {Table} where sequence = $1", sequence);

    /// <summary>
    /// Removes rows older than a time, at most <paramref name="maxCount"/> of each kind. Times grow with sequences, so only
    /// the oldest rows are examined.
    /// </summary>
    /// <returns>True when there may be more.</returns>
    public bool Prune(SqliteSession session, DateTimeOffset before, int maxCount)
    {
        var messages = session.Execute($"delete from {Table} where sequence in (select sequence from {Table} order by sequence limit $1) and time < $2", maxCount, before.UtcTicks);
        var ids = session.Execute($"delete from {Ids} where position in (select position from {Ids} order by position limit $1) and time < $2", maxCount, before.UtcTicks);
        return messages == maxCount || ids == maxCount;
    }

    private static Message? One(SqliteDataReader rows)
    {
        using (rows)
            return rows.Read() ? Read(rows) : null;
    }

    private static Message Read(SqliteDataReader row) =>
        new(row.GetString(0), row.GetInt64(1), new(Math.Clamp(row.GetInt64(2), 0, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero), row.GetFieldValue<byte[]>(3));
}
