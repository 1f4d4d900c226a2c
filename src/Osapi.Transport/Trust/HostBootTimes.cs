using System.Collections.Concurrent;

namespace Osapi.Transport.Trust;

/// <summary>The newest time of each host's clock that a controller has verified. Its commands repeat it, and a heartbeat with an earlier one is a repeated one.</summary>
/// <param name="time">The clock of this process.</param>
internal sealed class HostBootTimes(TimeProvider time)
{
    /// <summary>
    /// The time for which a heartbeat counts as newer than one with an earlier time of the same boot: that of three heartbeats. After
    /// that, the host may have been restored from a snapshot of its memory, which turns its clock back.
    /// </summary>
    public static readonly TimeSpan NewerFor = TimeSpan.FromSeconds(30);

    // Only of hosts with a key, of which there are no more than operators accepted.
    private readonly ConcurrentDictionary<string, BootTime> times = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Heartbeat> heartbeats = new(StringComparer.Ordinal);

    public BootTime? Find(string hostKey) => times.TryGetValue(hostKey, out var known) ? known : null;

    /// <summary>Records a time that a host told. A repeated one of the same boot changes nothing; one of an earlier boot makes the host ask.</summary>
    public void Observe(string hostKey, BootTime stamp) =>
        times.AddOrUpdate(hostKey, static (_, stamp) => stamp, static (_, known, stamp) => known.Boot == stamp.Boot && known.Seconds > stamp.Seconds ? known : stamp, stamp);

    /// <summary>Records the time of a heartbeat, and returns false for an earlier one than the host sent just before.</summary>
    public bool TryHear(string hostKey, BootTime stamp)
    {
        if (heartbeats.TryGetValue(hostKey, out var last) && last.Time.Boot == stamp.Boot && last.Time.Seconds > stamp.Seconds && time.GetElapsedTime(last.HeardAt) < NewerFor)
            return false;
        heartbeats[hostKey] = new(stamp, time.GetTimestamp());
        Observe(hostKey, stamp);
        return true;
    }

    private readonly record struct Heartbeat(BootTime Time, long HeardAt);
}
