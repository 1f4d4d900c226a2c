namespace Osapi.Transport.Nats;

/// <summary>The fetch settings of a reader.</summary>
/// <param name="MaxMessages">The maximum number of messages in flight.</param>
/// <param name="Expires">The lifetime of one fetch request.</param>
/// <param name="Heartbeat">
/// The broker's heartbeat interval while there are no messages; two missed heartbeats mean an interruption.
/// </param>
/// <param name="MaxRetryDelay">The maximum delay between two attempts.</param>
/// <param name="MaxParallelCreates">The number of readers requested from a cluster after an interruption, so that one of them is on a reachable server.</param>
internal sealed record ConsumerSettings(int MaxMessages, TimeSpan Expires, TimeSpan Heartbeat, TimeSpan MaxRetryDelay, int MaxParallelCreates)
{
    /// <summary>The time after which the broker removes the consumer of a reader that is gone.</summary>
    public TimeSpan InactiveThreshold { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The settings for controllers, which are few: an interruption is noticed within two seconds.</summary>
    public static ConsumerSettings LowLatency { get; } = new(1000, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(500), MaxParallelCreates: 3);

    /// <summary>
    /// The settings for agents, which may be thousands: heartbeats are the main load of an idle broker. A reader on a
    /// server that lost its link is abandoned after 4 seconds.
    /// </summary>
    public static ConsumerSettings Background { get; } = new(100, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), MaxParallelCreates: 1);

    /// <summary>The settings for agents that read what they may have missed, and are done then.</summary>
    public static ConsumerSettings CatchUp { get; } = Background with { InactiveThreshold = TimeSpan.FromSeconds(5) };
}
