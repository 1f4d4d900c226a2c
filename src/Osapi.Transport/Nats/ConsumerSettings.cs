namespace Osapi.Transport.Nats;

/// <summary>How a reader asks for messages.</summary>
/// <param name="Most">How many may be on their way to it.</param>
/// <param name="Expires">How long one request stands.</param>
/// <param name="Heartbeat">The broker's sign of life while there are no messages; two missing ones tell an interruption.</param>
/// <param name="LongestPause">The time between two attempts to begin again.</param>
/// <param name="AtOnce">How many readers a cluster is asked for after an interruption, so that one of them is on a server that is there.</param>
internal sealed record ConsumerSettings(int Most, TimeSpan Expires, TimeSpan Heartbeat, TimeSpan LongestPause, int AtOnce)
{
    /// <summary>For controllers, which are few: an interruption is known within two seconds.</summary>
    public static ConsumerSettings LowLatency { get; } = new(1000, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(500), AtOnce: 3);

    /// <summary>For agents, of which there are thousands: heartbeats are most of what an idle broker does. A reader on a server that lost its link is given up after 4 seconds.</summary>
    public static ConsumerSettings Background { get; } = new(100, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), AtOnce: 1);
}
