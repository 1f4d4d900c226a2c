namespace Osapi.Transport;

/// <summary>
/// What carries jobs between controllers and agents: durable logs with a compare-and-set, a shared queue, key-value
/// buckets, objects and signals. It knows nothing of jobs; the protocol in <c>Jobs/</c> is written once above it, and
/// nothing above this seam knows which implementation it runs on.
/// </summary>
public interface ITransport : IAsyncDisposable
{
    /// <summary>What hosts say of themselves: one key a host.</summary>
    IKeyValues Hosts { get; }

    /// <summary>What operators say of hosts: one key a host. Controllers write it; an agent reads its own key.</summary>
    IKeyValues Roster { get; }

    /// <summary>
    /// Results that are too large for a message. What stands before the first slash of a name is the key of the host that
    /// writes the object, and a store that other processes share can keep every other host from writing below it.
    /// </summary>
    IObjects Results { get; }

    /// <summary>Files that users stored.</summary>
    IObjects Files { get; }

    /// <summary>Messages to whoever listens at this moment; never stored.</summary>
    ISignals Signals { get; }

    /// <summary>The store's own clock, which stamps messages. Only this clock is compared with their times.</summary>
    DateTimeOffset ServerNow { get; }

    /// <summary>The most bytes that the payload of one message may have.</summary>
    int MaxMessageSize { get; }

    /// <summary>True when other processes may be connected to the same store, and when it may be lost while this one lives.</summary>
    bool IsShared => false;

    /// <summary>Completes when the store answers.</summary>
    /// <exception cref="TransportException">It does not.</exception>
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Appends messages in the given order, each only if its condition holds. What was appended survives the death of
    /// every process. It stops at the first refusal; an implementation that can, appends all or nothing.
    /// Among messages in a row that have no condition, lie in one log and are each on a subject of its own, a failure of the store may change the order.
    /// A message whose id was appended before, in the last 2 minutes at least, counts as appended and is not stored again.
    /// </summary>
    /// <exception cref="TransportException">The store did not answer: the messages may or may not have been appended.</exception>
    Task<AppendResult> AppendAsync(IReadOnlyList<Append> messages, CancellationToken cancellationToken);

    /// <summary>The newest message of a subject, read so that it includes everything appended before the call; null when there is none.</summary>
    Task<Message?> LastAsync(StreamName stream, string subject, CancellationToken cancellationToken);

    /// <summary>The messages of a subject after a sequence, the oldest first, read so that they include everything appended before the call.</summary>
    /// <param name="stream">The log.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="after">Only messages of a larger sequence.</param>
    /// <param name="most">How many at most; an implementation may return fewer. None at all means that there are no more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<Message>> ReadAsync(StreamName stream, string subject, long after, int most, CancellationToken cancellationToken);

    /// <summary>When the log was created, and the sequence of its newest message (0 when it is empty).</summary>
    Task<StreamState> StateAsync(StreamName stream, CancellationToken cancellationToken);

    /// <summary>
    /// Every message after a sequence whose subject begins with the prefix, in order, without gaps, then each new one as
    /// it is appended, until cancelled. It survives interruptions of the connection.
    /// A prefix ends with a dot or is empty; any other is one subject, and nothing below it.
    /// </summary>
    /// <exception cref="TransportException">The log was made anew or lost its newest messages, so that the place in it means nothing; or it cannot be read at all.</exception>
    IAsyncEnumerable<Message> FollowAsync(StreamName stream, string prefix, long after, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for the next message of a queue of <see cref="StreamName.WorkQueue"/> that nobody else holds. It is handed out again when it
    /// is not acknowledged within <see cref="QueueDelivery.AcknowledgeWithin"/>; an acknowledgement proves nothing about ownership.
    /// </summary>
    Task<QueueDelivery> DequeueAsync(QueueName queue, CancellationToken cancellationToken);

    /// <summary>Removes a subject's messages.</summary>
    /// <param name="stream">The log.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="before">Only messages of a smaller sequence are removed; null for every one. So a message can take the place of those before it, and the subject is never without one.</param>
    /// <param name="cancellationToken">Gives up; the messages may be removed all the same.</param>
    Task PurgeAsync(StreamName stream, string subject, long? before, CancellationToken cancellationToken);

    /// <summary>Removes the messages at these places of a log; those that are gone already are no failure. It is the quick way to remove many.</summary>
    /// <param name="stream">The log.</param>
    /// <param name="sequences">The places.</param>
    /// <param name="cancellationToken">Gives up; any of the messages may be removed all the same.</param>
    Task RemoveAsync(StreamName stream, IReadOnlyList<long> sequences, CancellationToken cancellationToken);
}
