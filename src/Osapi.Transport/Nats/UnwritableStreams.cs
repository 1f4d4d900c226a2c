using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Osapi.Transport.Nats;

/// <summary>
/// The streams for which a broker that is there does not answer: nats-server 2.9 hangs so when its disk is full, until somebody makes room and
/// starts it again. Whoever asks for such a stream gets one look and then the cause, and need not wait as long as for an election.
/// </summary>
internal sealed partial class UnwritableStreams(ILogger logger)
{
    /// <summary>How long one look takes.</summary>
    public static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);

    // Between the calls of one silence.
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, bool> hanging = new();
    private readonly ConcurrentDictionary<(string Stream, bool IsRead), (long From, long UpTo)> silent = new();

    public bool Contains(string? stream) => stream is not null && hanging.ContainsKey(stream);

    /// <summary>A broker that answered pings did not answer for a stream.</summary>
    /// <returns>What to tell whoever asked.</returns>
    public string Add(string stream, string server, bool clustered)
    {
        var cause = $"The broker {server} is there, but its store does not answer for {stream}: {(clustered ? "its cluster may have no majority, or a disk is full" : "its disk may be full")} (docs/nats.md)";
        if (hanging.TryAdd(stream, true))
            LogHangs(cause);
        return cause;
    }

    /// <summary>Counts a call that has not been answered since it began, and returns how long none of its kind was: whoever asks may give up sooner than it takes to judge.</summary>
    public TimeSpan Silence(string? stream, bool isRead, long began, TimeProvider time)
    {
        if (stream is null)
            return TimeSpan.Zero;
        var now = time.GetTimestamp();
        var (from, _) = silent.AddOrUpdate(
            (stream, isRead), (began, now), (_, before) => time.GetElapsedTime(before.UpTo, began) < Gap ? (Math.Min(before.From, began), now) : (began, now));
        return time.GetElapsedTime(from, now);
    }

    /// <summary>The broker said something to a call, if only that it cannot: that is no silence.</summary>
    public TimeSpan Speaks(string? stream, bool isRead)
    {
        if (stream is not null && !silent.IsEmpty)
            silent.TryRemove((stream, isRead), out _);
        return TimeSpan.Zero;
    }

    /// <summary>It answered.</summary>
    public void Remove(string? stream)
    {
        if (stream is not null && !hanging.IsEmpty && hanging.TryRemove(stream, out _))
            LogGoesOn(stream);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Cause}")]
    private partial void LogHangs(string cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "The broker's store answers again for {Stream}")]
    private partial void LogGoesOn(string stream);
}
