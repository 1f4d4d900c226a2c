using Microsoft.Extensions.Logging;

namespace Osapi.Transport.Nats;

/// <summary>
/// The broker's clock, as far as it can be known from here: what it stamps on a message that is published now and then,
/// and the monotonic clock of this machine in between. It is never behind a message that was seen.
/// </summary>
internal sealed partial class ServerClock(NatsBroker broker, StreamStore streams, StreamPublisher publisher)
{
    /// <summary>How often it is compared with the broker's.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    // Enough for one that is answered quickly, because the answer's way is the error.
    private const int Stamps = 5;
    private const int Subjects = 4096;

    // A replica that lags does not have the stamp yet.
    private const int MaxAttempts = 20;

    private readonly ILogger logger = broker.Options.Logger;
    private readonly string stream = NatsNames.KeyStream(broker.Names.Hosts);
    private readonly Lock gate = new();
    private DateTimeOffset at;
    private long since;

    public DateTimeOffset Now
    {
        get
        {
            lock (gate)
                return at + broker.Time.GetElapsedTime(since);
        }
    }

    /// <summary>A message carries this time.</summary>
    public void Observe(DateTimeOffset time)
    {
        lock (gate)
        {
            var now = broker.Time.GetTimestamp();
            if (time > at + broker.Time.GetElapsedTime(since, now))
                (at, since) = (time, now);
        }
    }

    /// <summary>
    /// Compares. A message was stamped before its acknowledgement arrived here, so at that moment the broker's clock
    /// showed at least the stamp: the clock runs behind by the shortest way of an acknowledgement, and never ahead.
    /// </summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        List<(DateTimeOffset Stamp, long At)> readings = [];
        for (var attempt = 0; readings.Count < Stamps && (readings.Count == 0 || attempt < MaxAttempts); attempt++)
        {
            // Few subjects that all share, so that nothing piles up. When another took the same one at this moment, the stamp is gone.
            var subject = $"{broker.Names.Clock}{Random.Shared.Next(Subjects)}";
            var sequence = await publisher.PublishAsync(stream, subject, default, expectedLast: null, messageId: null, headers: null, cancellationToken);
            var arrived = broker.Time.GetTimestamp();
            if (await streams.LastAsync(stream, subject, cancellationToken) is { } stored && stored.Sequence == sequence)
                readings.Add((stored.Time, arrived));
        }

        lock (gate)
        {
            var now = broker.Time.GetTimestamp();
            (at, since) = (readings.Max(reading => reading.Stamp + broker.Time.GetElapsedTime(reading.At, now)), now);
        }
    }

    public Task RunAsync(CancellationToken closing) => PeriodicLoop.RunAsync(Interval, broker.Time, ReadAsync, failure => LogFailed(failure, Interval), closing);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker's clock could not be read; the next time is in {Every}")]
    private partial void LogFailed(Exception failure, TimeSpan every);
}
