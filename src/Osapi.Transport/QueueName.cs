namespace Osapi.Transport;

/// <summary>
/// The queues of <see cref="StreamName.WorkQueue"/>: a host takes from the second even when it has no free slot for the
/// first.
/// </summary>
public enum QueueName
{
    /// <summary>Jobs of every kind.</summary>
    Any,

    /// <summary>Quick jobs, for which hosts reserve slots; the subject of its messages is <c>quick</c>.</summary>
    Quick,
}

/// <summary>Convenience calls for the default queue.</summary>
public static class QueueCalls
{
    /// <summary>Waits for the next message of <see cref="QueueName.Any"/>.</summary>
    public static Task<QueueDelivery> DequeueAsync(this ITransport transport, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        return transport.DequeueAsync(QueueName.Any, cancellationToken);
    }
}
