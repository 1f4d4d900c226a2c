using System.Runtime.CompilerServices;

namespace Osapi.Transport.Embedded;

/// <summary>Reads a log from any position to its end and then follows it. The store wakes it; it never polls.</summary>
internal sealed class LogFollower(SqliteLog log, ReaderPool readers)
{
    public async IAsyncEnumerable<Message> FollowAsync(string prefix, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Subscribe first, read the database second: a message committed in between arrives twice and is filtered by
        // its sequence, and none is missed.
        while (log.Feed.Subscribe(message => Names.Matches(message.Subject, prefix)) is { } subscription)
        {
            using var activeSubscription = subscription;
            while (NextPage(prefix, after) is { Count: > 0 } page)
                foreach (var message in page)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return message;
                    after = message.Sequence;
                }

            await foreach (var message in activeSubscription.ReadAllAsync(cancellationToken))
            {
                if (message.Sequence <= after)
                    continue;
                yield return message;
                after = message.Sequence;
            }
        }
    }

    private IReadOnlyList<Message> NextPage(string prefix, long after)
    {
        try
        {
            return readers.Read(session => log.Page(session, prefix, after));
        }
        catch (ObjectDisposedException)
        {
            // The transport was closed during the enumeration, which then ends.
            return [];
        }
    }
}
