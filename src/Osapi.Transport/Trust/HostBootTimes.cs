using System.Collections.Concurrent;

namespace Osapi.Transport.Trust;

/// <summary>The newest time of each host's clock that a controller has verified. Its commands repeat it.</summary>
internal sealed class HostBootTimes
{
    // Only of hosts with a key, of which there are no more than operators accepted.
    private readonly ConcurrentDictionary<string, BootTime> times = new(StringComparer.Ordinal);

    public BootTime? Find(string hostKey) => times.TryGetValue(hostKey, out var time) ? time : null;

    /// <summary>Records a time that a host told. A repeated one of the same boot changes nothing; one of an earlier boot makes the host ask.</summary>
    public void Observe(string hostKey, BootTime time) =>
        times.AddOrUpdate(hostKey, static (_, time) => time, static (_, known, time) => known.Boot == time.Boot && known.Seconds > time.Seconds ? known : time, time);
}
