using Osapi.Transport.Trust;

namespace Osapi.Transport;

/// <summary>A message in a log.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Sequence">The position in the log, from 1; 0 for a copy that was received as it was published.</param>
/// <param name="Time">The time at which it was appended, by the store's clock.</param>
/// <param name="Payload">The content.</param>
public sealed record Message(string Subject, long Sequence, DateTimeOffset Time, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The writer that the message was authenticated for; none on a transport that does not authenticate, and for a message that is taken unsigned.</summary>
    public MessageSigner Signer { get; init; }

    /// <summary>The reason why nothing may believe the message, whose <see cref="Payload"/> is then empty; null for one that may be read.</summary>
    public string? Rejection { get; init; }

    /// <summary>True for a rejected message that may be valid, but that only others can check or read: of another host, or for other readers.</summary>
    public bool IsForOthers { get; init; }

    /// <summary>The bound of the message's age, for an authenticated command to this host; null for others, and when the controllers did not know the host's time.</summary>
    public CommandEcho? Echo { get; init; }

    /// <summary>The content of the payload, as its writer in this process has it; null when it has to be parsed.</summary>
    internal object? Known { get; init; }
}

/// <summary>A message to append.</summary>
/// <param name="Stream">The log.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Payload">The content.</param>
/// <param name="ExpectedLast">
/// The sequence that the subject's newest message must have; 0 for a subject without messages; null for no condition.
/// </param>
/// <param name="MessageId">The id that makes a repeated append harmless; null for none.</param>
public readonly record struct Append(
    StreamName Stream, string Subject, ReadOnlyMemory<byte> Payload, long? ExpectedLast = null, string? MessageId = null)
{
    /// <summary>The content of the payload, for readers in this process; null when they parse it.</summary>
    internal object? Known { get; init; }
}

/// <summary>The result of an append.</summary>
/// <param name="Appended">True when every message is in its log.</param>
/// <param name="Sequence">The sequence of the last message appended; 0 when none was.</param>
/// <param name="Refused">The subject whose condition did not hold; null when all did.</param>
public readonly record struct AppendResult(bool Appended, long Sequence, string? Refused = null);

/// <summary>The state of a log.</summary>
/// <param name="Created">The creation time: positions of a log that was recreated are not valid.</param>
/// <param name="LastSequence">The sequence of the newest message; 0 when the log is empty.</param>
public readonly record struct StreamState(DateTimeOffset Created, long LastSequence);

/// <summary>A message that was taken from the queue.</summary>
/// <param name="message">The message.</param>
/// <param name="acknowledge">Removes it from the queue.</param>
public sealed class QueueDelivery(Message message, Func<CancellationToken, Task> acknowledge)
{
    /// <summary>The time that a message may be held before it is delivered again: 10 seconds.</summary>
    public static readonly TimeSpan AcknowledgeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The message.</summary>
    public Message Message => message;

    /// <summary>Removes the message from the queue, even when another caller holds it by now.</summary>
    public Task AcknowledgeAsync(CancellationToken cancellationToken) => acknowledge(cancellationToken);
}

/// <summary>The exception for a store that failed, or did not confirm a call.</summary>
public class TransportException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The exception for an object whose content is missing or differs from its description. A retry does not help.
/// </summary>
public sealed class DamagedObjectException(string message) : TransportException(message);
