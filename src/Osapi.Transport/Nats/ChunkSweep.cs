using Microsoft.Extensions.Logging;

namespace Osapi.Transport.Nats;

/// <summary>Removes the content of objects that were replaced, removed, or never finished because their writer died.</summary>
/// <remarks>
/// Content is removed when no description has referred to it and nothing was added to it for an hour, as observed by
/// this process: no clocks are compared, and slow writers and readers can finish.
/// </remarks>
internal sealed partial class ChunkSweep(string bucket, NatsBroker broker, StreamStore streams, ObjectDescriptions descriptions)
{
    /// <summary>The time between two sweeps.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>The time that unreferenced content is kept.</summary>
    public static readonly TimeSpan GracePeriod = TimeSpan.FromHours(1);

    private readonly ILogger logger = broker.Options.Logger;
    private readonly string chunks = NatsNames.Chunks(bucket);
    private Dictionary<string, Seen> unreferenced = [];

    public Task RunAsync(CancellationToken closing) => PeriodicLoop.RunAsync(Interval, broker.Time, SweepAsync, failure => LogFailed(failure, bucket, Interval), closing);

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        // Content first and descriptions second: an object that is completed in between has its description.
        var found = await streams.CountAsync(NatsNames.ObjectStream(bucket), $"{chunks}>", cancellationToken);
        var referenced = await descriptions.ContentsAsync(cancellationToken);
        Dictionary<string, Seen> stillUnreferenced = [];
        foreach (var (subject, count) in found)
        {
            var id = subject[chunks.Length..];
            if (referenced.Contains(id))
                continue;
            var seen = unreferenced.TryGetValue(id, out var before) && before.Chunks == count ? before : new(count, broker.Time.GetTimestamp());
            if (broker.Time.GetElapsedTime(seen.Since) < GracePeriod)
                stillUnreferenced[id] = seen;
            else
                await streams.PurgeAsync(NatsNames.ObjectStream(bucket), subject, before: null, cancellationToken);
        }

        unreferenced = stillUnreferenced;
        await RemoveReplacedAsync(cancellationToken);
    }

    // In streams without roll-up, an earlier description remains when an object is replaced.
    private async Task RemoveReplacedAsync(CancellationToken cancellationToken)
    {
        var stream = NatsNames.ObjectStream(bucket);
        foreach (var (subject, count) in await streams.CountAsync(stream, $"{NatsNames.Descriptions(bucket)}>", cancellationToken))
            if (count > 1 && await descriptions.NewestAsync(subject, cancellationToken) is { } newest)
                await streams.PurgeAsync(stream, subject, newest, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cleaning the bucket {Bucket} failed; next attempt in {Every}")]
    private partial void LogFailed(Exception failure, string bucket, TimeSpan every);

    private sealed record Seen(long Chunks, long Since);
}
