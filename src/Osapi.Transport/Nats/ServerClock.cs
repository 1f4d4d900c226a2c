using Microsoft.Extensions.Logging;

namespace Osapi.Transport.Nats;

/// <summary>
/// An estimate of the broker's clock: the stamp of a message published now and then, plus the monotonic clock of this
/// machine. It is never behind a message that was seen.
/// </summary>
internal sealed partial class ServerClock(NatsBroker broker, StreamStore streams, StreamPublisher publisher)
{
    /// <summary>The time between two comparisons with the broker's clock.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    // Enough samples to get one quick answer, because the answer's latency is the error.
    private const int Stamps = 5;
    private const int Subjects = 4096;

    // A lagging replica does not have the stamp yet.
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

    /// <summary>Reports the time of a message, which the clock must not be behind.</summary>
    public void Observe(DateTimeOffset time)
    {
        lock (gate)
        {
            var now = broker.Time.GetTimestamp();
            if (time > at + broker.Time.GetElapsedTime(since, now))
                (at, since) = (time, now);
        }
    }

    /// <summary>Compares with the broker's clock.</summary>
    /// <remarks>
    /// A message is stamped before its acknowledgement arrives here, so the broker's clock then shows at least the
    /// stamp: the estimate lags by at most one acknowledgement round trip and is never ahead.
    /// </remarks>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        List<(DateTimeOffset Stamp, long At)> readings = [];
        for (var attempt = 0; readings.Count < Stamps && (readings.Count == 0 || attempt < MaxAttempts); attempt++)
        {
            // A few shared subjects, so that no stamps pile up. When another process used the same subject at this
            // moment, our stamp is gone.
            var subject = $"{broker.Names.Clock}{Random.Shared.Next(Subjects)}";
            var sequence = await publisher.PublishAsync(stream, subject, default, expectedLast: null, messageId: null, headers: null, cancellationToken);
            var receivedAt = broker.Time.GetTimestamp();
            if (await streams.LastAsync(stream, subject, cancellationToken) is { } stored && stored.Sequence == sequence)
                readings.Add((stored.Time, receivedAt));
        }

        lock (gate)
        {
            var now = broker.Time.GetTimestamp();
            (at, since) = (readings.Max(reading => reading.Stamp + broker.Time.GetElapsedTime(reading.At, now)), now);
        }
    }

    public Task RunAsync(CancellationToken closing) => PeriodicLoop.RunAsync(Interval, broker.Time, ReadAsync, failure => LogFailed(failure, Interval), closing);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reading the broker's clock failed; next attempt in {Every}")]
    private partial void LogFailed(Exception failure, TimeSpan every);
}
