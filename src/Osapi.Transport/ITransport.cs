namespace Osapi.Transport;

/// <summary>
/// The seam between the job protocol and its storage: durable logs with compare-and-set, a shared queue, key-value
/// buckets, objects and signals.
/// </summary>
/// <remarks>
/// It knows nothing of jobs. The protocol in <c>Jobs/</c> is written once on top of it and does not depend on the
/// implementation.
/// </remarks>
public interface ITransport : IAsyncDisposable
{
    /// <summary>The bucket of agent records, one key per host, written by agents.</summary>
    IKeyValues Hosts { get; }

    /// <summary>The bucket of operator decisions, one key per host. Controllers write it; an agent reads its own key.</summary>
    IKeyValues Roster { get; }

    /// <summary>
    /// The results that are too large for a message. The part of a name before the first slash is the key of the host
    /// that writes the object; a shared store can keep every other host from writing below it.
    /// </summary>
    IObjects Results { get; }

    /// <summary>The files that users stored.</summary>
    IObjects Files { get; }

    /// <summary>
    /// The requests of jobs that are too large for a message. Controllers write them, each sealed with a key of its own that only the record and
    /// the commands of its job have.
    /// </summary>
    IObjects Requests { get; }

    /// <summary>The signals between controllers and agents; never stored.</summary>
    ISignals Signals { get; }

    /// <summary>The store's own clock, which stamps messages. Times of messages are compared with this clock only.</summary>
    DateTimeOffset ServerNow { get; }

    /// <summary>The maximum size of a message's payload, in bytes.</summary>
    int MaxMessageSize { get; }

    /// <summary>True when an append of several messages is one write: all of them or none, at the cost of one.</summary>
    bool AppendsAtOnce { get; }

    /// <summary>True when other processes may use the same store, and when it may be lost while this process lives.</summary>
    bool IsShared => false;

    /// <summary>
    /// True when each reader of a log costs the store as much as a message does, and messages can be received without one:
    /// by <see cref="ListenAsync"/>.
    /// </summary>
    bool DeliversLive => false;

    /// <summary>The key of the host whose agent uses the transport; null for a controller, and for a transport that does not authenticate.</summary>
    string? OwnHost => null;

    /// <summary>False while what is written for an executor is not sealed, because it must be readable for a host without a key.</summary>
    /// <param name="executor">The key of a host, or <see cref="Jobs.HostKey.Any"/>.</param>
    bool IsSealedFor(string executor) => true;

    /// <summary>Checks that the store answers.</summary>
    /// <exception cref="TransportException">The store does not answer.</exception>
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Appends messages in the given order, each only if its condition holds, and stops at the first refusal. Appended
    /// messages survive crashes of every process.
    /// </summary>
    /// <remarks>
    /// An implementation that can, appends all or nothing. Consecutive messages without a condition, in one log and
    /// each on its own subject, may change their order when the store fails. A message whose id was appended within the
    /// last 2 minutes (at least) counts as appended and is not stored again.
    /// </remarks>
    /// <exception cref="TransportException">The store did not answer: the messages may or may not have been appended.</exception>
    Task<AppendResult> AppendAsync(IReadOnlyList<Append> messages, CancellationToken cancellationToken);

    /// <summary>
    /// Gets the newest message of a subject; null when there is none. The read includes everything appended before the
    /// call.
    /// </summary>
    Task<Message?> LastAsync(StreamName stream, string subject, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the messages of a subject after a sequence, the oldest first. The read includes everything appended before
    /// the call.
    /// </summary>
    /// <param name="stream">The log.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="after">Only messages of a larger sequence.</param>
    /// <param name="maxCount">
    /// The maximum number; an implementation may return fewer. An empty result means that there are no more.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<Message>> ReadAsync(StreamName stream, string subject, long after, int maxCount, CancellationToken cancellationToken);

    /// <summary>Gets the creation time of the log and the sequence of its newest message (0 when it is empty).</summary>
    Task<StreamState> StateAsync(StreamName stream, CancellationToken cancellationToken);

    /// <summary>
    /// Enumerates the messages after a sequence whose subject begins with the prefix, in order, without gaps, then each
    /// new one as it is appended, until cancelled.
    /// </summary>
    /// <remarks>
    /// It survives interruptions of the connection. A prefix ends with a dot or is empty; any other text is exactly one
    /// subject.
    /// </remarks>
    /// <exception cref="TransportException">
    /// The log was recreated or lost its newest messages, so that the position is no longer valid; or it cannot be read
    /// at all.
    /// </exception>
    IAsyncEnumerable<Message> FollowAsync(StreamName stream, string prefix, long after, CancellationToken cancellationToken);

    /// <summary>
    /// Enumerates the messages after a sequence that are in the log now, whose subject begins with the prefix, in order and
    /// without gaps. Only a transport that <see cref="DeliversLive"/> has it.
    /// </summary>
    /// <exception cref="TransportException">As for <see cref="FollowAsync"/>.</exception>
    IAsyncEnumerable<Message> ReadToEndAsync(StreamName stream, string prefix, long after, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>
    /// Begins to receive copies of the messages whose subject begins with the prefix, as they are published. Only a transport that
    /// <see cref="DeliversLive"/> has it.
    /// </summary>
    /// <remarks>
    /// A copy has the sequence 0 and the time at which it was received. It may come twice, or of a message that the log has not
    /// accepted. The log is the truth: whoever listens reads it as well.
    /// </remarks>
    /// <returns>The copies. The enumeration ends when one may have been missed: the connection was interrupted, or the reader was too slow.</returns>
    /// <exception cref="TransportException">The store is not reachable.</exception>
    Task<IAsyncEnumerable<Message>> ListenAsync(StreamName stream, string prefix, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>
    /// Waits for the next message of a queue of <see cref="StreamName.WorkQueue"/> that is not held by another caller. It is
    /// delivered again when it is not acknowledged within <see cref="QueueDelivery.AcknowledgeTimeout"/>; an
    /// acknowledgement is no proof of ownership.
    /// </summary>
    Task<QueueDelivery> DequeueAsync(QueueName queue, CancellationToken cancellationToken);

    /// <summary>Removes a subject's messages.</summary>
    /// <param name="stream">The log.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="before">
    /// Only messages of a smaller sequence are removed; null for every one. With it, a new message can replace the
    /// earlier ones while the subject is never empty.
    /// </param>
    /// <param name="cancellationToken">Abandons the call; the messages may still be removed.</param>
    Task PurgeAsync(StreamName stream, string subject, long? before, CancellationToken cancellationToken);

    /// <summary>Removes the messages at these sequences; missing ones are ignored. This is the fast way to remove many.</summary>
    /// <param name="stream">The log.</param>
    /// <param name="sequences">The sequences.</param>
    /// <param name="cancellationToken">Abandons the call; any of the messages may still be removed.</param>
    Task RemoveAsync(StreamName stream, IReadOnlyList<long> sequences, CancellationToken cancellationToken);
}
