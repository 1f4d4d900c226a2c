using Microsoft.Extensions.Logging;

namespace Osapi.Transport.Nats;

/// <summary>
/// Removes the content of objects that were replaced, removed, or never finished because their writer died. Content is
/// removed when no description has named it and nothing was added to it for an hour, as seen from here: no clock is
/// compared, slow writers are let finish and slow readers come to their end.
/// </summary>
internal sealed partial class ChunkSweep(string bucket, NatsBroker broker, StreamStore streams, NatsObjects objects)
{
    /// <summary>The time between two rounds.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>How long content without a name is left alone.</summary>
    public static readonly TimeSpan GracePeriod = TimeSpan.FromHours(1);

    private readonly ILogger logger = broker.Options.Logger;
    private readonly string chunks = NatsNames.Chunks(bucket);
    private Dictionary<string, Seen> nameless = [];

    public Task RunAsync(CancellationToken closing) => PeriodicLoop.RunAsync(Interval, broker.Time, SweepAsync, failure => LogFailed(failure, bucket, Interval), closing);

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        // Content first and names second: an object that is finished in between has its name.
        var found = await streams.CountAsync(NatsNames.ObjectStream(bucket), $"{chunks}>", cancellationToken);
        var named = await objects.ContentsAsync(cancellationToken);
        Dictionary<string, Seen> still = [];
        foreach (var (subject, count) in found)
        {
            var id = subject[chunks.Length..];
            if (named.Contains(id))
                continue;
            var seen = nameless.TryGetValue(id, out var before) && before.Chunks == count ? before : new(count, broker.Time.GetTimestamp());
            if (broker.Time.GetElapsedTime(seen.Since) < GracePeriod)
                still[id] = seen;
            else
                await streams.PurgeAsync(NatsNames.ObjectStream(bucket), subject, before: null, cancellationToken);
        }

        nameless = still;
        await RemoveReplacedAsync(cancellationToken);
    }

    // Where no roll-up is taken, an earlier description stays when an object is replaced.
    private async Task RemoveReplacedAsync(CancellationToken cancellationToken)
    {
        var stream = NatsNames.ObjectStream(bucket);
        foreach (var (subject, count) in await streams.CountAsync(stream, $"{NatsNames.Descriptions(bucket)}>", cancellationToken))
            if (count > 1 && await objects.NewestAsync(subject, cancellationToken) is { } newest)
                await streams.PurgeAsync(stream, subject, newest, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The bucket {Bucket} could not be cleaned; the next time is in {Every}")]
    private partial void LogFailed(Exception failure, string bucket, TimeSpan every);

    private sealed record Seen(long Chunks, long Since);
}
