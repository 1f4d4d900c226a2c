using Osapi.Operations.Facts;

namespace Osapi.Agent.Hosts.Facts;

/// <summary>The facts of a host, read when they are asked for and kept for a minute: a plan of many tasks does not look each time.</summary>
internal sealed class FactsCache
{
    /// <summary>How long facts are kept.</summary>
    internal static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    private Reading? last;

    /// <summary>The facts, at most a minute old. Two callers may read at the same time; either reading is good.</summary>
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
