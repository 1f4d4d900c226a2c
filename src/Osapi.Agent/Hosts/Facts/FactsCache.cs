using Osapi.Operations.Facts;

namespace Osapi.Agent.Hosts.Facts;

/// <summary>
/// The facts of a host, read on demand and cached for a minute, so that a plan of many tasks does not read them each
/// time.
/// </summary>
internal sealed class FactsCache
{
    /// <summary>The maximum age of cached facts.</summary>
    internal static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    private Reading? last;

    /// <summary>Gets the facts, at most a minute old. Concurrent callers may both read; either result is valid.</summary>
    public async Task<HostFacts> ReadAsync(Host host, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref last) is { } kept && host.Time.GetElapsedTime(kept.Time) < MaxAge)
            return kept.Facts;
        Reading reading = new(await host.ReadFactsAsync(cancellationToken), host.Time.GetTimestamp());
        Volatile.Write(ref last, reading);
        return reading.Facts;
    }

    private sealed record Reading(HostFacts Facts, long Time);
}
