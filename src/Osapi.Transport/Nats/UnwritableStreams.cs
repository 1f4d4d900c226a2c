using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Osapi.Transport.Nats;

/// <summary>The streams for which a reachable broker does not answer.</summary>
/// <remarks>
/// nats-server 2.9 hangs like this when its disk is full, until an administrator frees space and restarts it. A call
/// for such a stream makes one short probe and then fails with the cause, instead of waiting as long as for an
/// election.
/// </remarks>
internal sealed partial class UnwritableStreams(ILogger logger)
{
    /// <summary>The timeout of one probe.</summary>
    public static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);

    // The maximum gap between calls of the same outage.
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, bool> unwritable = new();
    private readonly ConcurrentDictionary<(string Stream, bool IsRead), (long From, long UpTo)> silent = new();

    public bool Contains(string? stream) => stream is not null && unwritable.ContainsKey(stream);

    /// <summary>Records that a broker that answers pings did not answer for a stream.</summary>
    /// <returns>The error message for the caller.</returns>
    public string Add(string stream, string server, bool clustered)
    {
        var cause = $"The broker {server} is reachable, but its store does not respond for {stream}: {(clustered ? "its cluster may have no majority, or a disk is full" : "its disk may be full")} (docs/nats.md)";
        if (unwritable.TryAdd(stream, true))
            LogUnwritable(cause);
        return cause;
    }

    /// <summary>Counts an unanswered call, and returns the duration for which no call of its kind was answered: single callers may give up earlier than that.</summary>
    public TimeSpan Silence(string? stream, bool isRead, long began, TimeProvider time)
    {
        if (stream is null)
            return TimeSpan.Zero;
        var now = time.GetTimestamp();
        var (from, _) = silent.AddOrUpdate(
            (stream, isRead), (began, now), (_, before) => time.GetElapsedTime(before.UpTo, began) < Gap ? (Math.Min(before.From, began), now) : (began, now));
        return time.GetElapsedTime(from, now);
    }

    /// <summary>Records that the broker answered a call, even with an error.</summary>
    public TimeSpan Speaks(string? stream, bool isRead)
    {
        if (stream is not null && !silent.IsEmpty)
            silent.TryRemove((stream, isRead), out _);
        return TimeSpan.Zero;
    }

    /// <summary>Records that the stream answered.</summary>
    public void Remove(string? stream)
    {
        if (stream is not null && !unwritable.IsEmpty && unwritable.TryRemove(stream, out _))
            LogWritable(stream);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Cause}")]
    private partial void LogUnwritable(string cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "The broker's store answers again for {Stream}")]
    private partial void LogWritable(string stream);
}
