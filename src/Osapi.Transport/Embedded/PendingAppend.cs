namespace Osapi.Transport.Embedded;

/// <summary>The write of one append: all of its messages or none.</summary>
internal sealed class PendingAppend(IReadOnlyList<Append> messages, Func<StreamName, SqliteLog> logs, StoreClock clock)
{
    private readonly List<(StreamName Stream, Message Message)> appended = [];

    public AppendResult Apply(SqliteSession session)
    {
        // The savepoint undoes this append's earlier messages without affecting other callers in the same commit. One of
        // which only the first message can be refused needs none.
        var several = messages.Skip(1).Any(static message => message.ExpectedLast is not null);
        if (several)
            session.Execute("savepoint append");
        var result = AppendAll(session);
        if (several && !result.Appended)
            session.Execute("rollback to append");
        if (several)
            session.Execute("release append");
        return result;
    }

    /// <summary>Publishes the appended messages to followers and the queue.</summary>
    public void Publish(Action<StreamName, Message> publish)
    {
        foreach (var (stream, message) in appended)
            publish(stream, message);
    }

    private AppendResult AppendAll(SqliteSession session)
    {
        long last = 0;
        foreach (var message in messages)
        {
            var log = logs(message.Stream);
            // The id is checked before the condition: a repeated append that already succeeded must not be refused.
            if (message.MessageId is { } id && log.FindId(session, id) is { } known)
            {
                last = known;
            }
            else if (message.ExpectedLast is { } expected && log.LastSequence(session, message.Subject) != expected)
            {
                appended.Clear();
                return new(Appended: false, Sequence: 0, Refused: message.Subject);
            }
            else
            {
                var stored = log.Insert(session, message, clock.Stamp());
                appended.Add((message.Stream, stored));
                last = stored.Sequence;
            }
        }

        return new(Appended: true, last);
    }
}
