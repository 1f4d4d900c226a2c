using System.Runtime.CompilerServices;

namespace Osapi.Transport.Embedded;

/// <summary>Reads a log from any place to its end and stays there. The store wakes it; it never polls.</summary>
internal sealed class LogFollower(SqliteLog log, ReaderPool readers)
{
    public async IAsyncEnumerable<Message> FollowAsync(string prefix, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // It subscribes first and reads the database second: what is committed in between comes twice, which the
        // sequence tells, and nothing is missed.
        while (log.Feed.Subscribe(message => Names.Matches(message.Subject, prefix)) is { } subscription)
        {
            using var live = subscription;
            while (NextPage(prefix, after) is { Count: > 0 } page)
                foreach (var message in page)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return message;
                    after = message.Sequence;
                }

            await foreach (var message in live.ReadAllAsync(cancellationToken))
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
            // The transport was closed under the enumeration, which then ends like the log itself.
            return [];
        }
    }
}
