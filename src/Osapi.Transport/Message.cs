namespace Osapi.Transport;

/// <summary>A message as it stands in a log.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Sequence">Its place in the log, from 1.</param>
/// <param name="Time">When it was appended, by the store's clock.</param>
/// <param name="Payload">Its content.</param>
public sealed record Message(string Subject, long Sequence, DateTimeOffset Time, ReadOnlyMemory<byte> Payload);

/// <summary>A message to append.</summary>
/// <param name="Stream">The log.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Payload">Its content.</param>
/// <param name="ExpectedLast">The sequence that the subject's newest message must have; 0 for a subject without messages; null for no condition.</param>
/// <param name="MessageId">Makes a repeated append harmless; null for none.</param>
public readonly record struct Append(
    StreamName Stream, string Subject, ReadOnlyMemory<byte> Payload, long? ExpectedLast = null, string? MessageId = null);

/// <summary>What became of an append.</summary>
/// <param name="Appended">True when every message is in its log.</param>
/// <param name="Sequence">The sequence of the last message appended; 0 when none was.</param>
/// <param name="Refused">The subject whose condition did not hold; null when all did.</param>
public readonly record struct AppendResult(bool Appended, long Sequence, string? Refused = null);

/// <summary>The state of a log.</summary>
/// <param name="Created">When it was created: a position in a log that was created anew means nothing.</param>
/// <param name="LastSequence">The sequence of its newest message; 0 when it is empty.</param>
public readonly record struct StreamState(DateTimeOffset Created, long LastSequence);

/// <summary>A message that was taken from the queue.</summary>
/// <param name="message">The message.</param>
/// <param name="acknowledge">Removes it from the queue.</param>
public sealed class QueueDelivery(Message message, Func<CancellationToken, Task> acknowledge)
{
    /// <summary>How long a message may be held before it is handed out again: 10 seconds.</summary>
    public static readonly TimeSpan AcknowledgeWithin = TimeSpan.FromSeconds(10);

    /// <summary>The message.</summary>
    public Message Message => message;

    /// <summary>Removes the message from the queue, also when somebody else holds it by now.</summary>
    public Task AcknowledgeAsync(CancellationToken cancellationToken) => acknowledge(cancellationToken);
}

/// <summary>The store did not do what it was asked, or did not say whether it did.</summary>
public class TransportException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The store did what it was asked, and the content of the object is not what its description says, or is gone. Asking again does not help.</summary>
public sealed class DamagedObjectException(string message) : TransportException(message);
