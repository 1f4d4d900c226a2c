namespace Osapi.Transport;

/// <summary>The queues of <see cref="StreamName.WorkQueue"/>: a host takes from the second also while it has no slot for what is in the first.</summary>
public enum QueueName
{
    /// <summary>Jobs of every kind.</summary>
    Any,

    /// <summary>Jobs that a host has slots for in any case; its messages have the subject <c>quick</c>.</summary>
    Quick,
}

/// <summary>Calls of queues.</summary>
public static class QueueCalls
{
    /// <summary>Waits for the next message of <see cref="QueueName.Any"/>.</summary>
    public static Task<QueueDelivery> DequeueAsync(this ITransport transport, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        return transport.DequeueAsync(QueueName.Any, cancellationToken);
    }
}
