using NATS.Client.JetStream.Models;

namespace Osapi.Transport.Nats;

/// <summary>
/// The ends of streams, as servers reported them. A replica that was cut off answers with what it had then, while the stream has no leader: such an
/// answer never counts. A new leader answers before it has applied all that it has. So an earlier end of a stream in a cluster counts only when
/// nothing else is reported for a while.
/// </summary>
internal sealed class StreamEnds(TimeProvider time)
{
    /// <summary>The time for which a lower last sequence must be reported before it is accepted.</summary>
    public static readonly TimeSpan Confirmation = TimeSpan.FromSeconds(10);

    // The minimum time between two answers that confirm each other.
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, End> ends = [];

    /// <summary>Checks a reported state.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="found">The reported state.</param>
    /// <param name="seen">The newest sequence of the stream that the caller has seen; 0 for none.</param>
    /// <exception cref="NoResponseException">The state is not confirmed yet.</exception>
    public void Take(string stream, StreamInfo found, long seen = 0)
    {
        if (found.Cluster is { } cluster && string.IsNullOrEmpty(cluster.Leader))
            throw new NoResponseException($"{stream} has no leader.");
        lock (gate)
        {
            var (now, last) = (time.GetTimestamp(), (long)found.State.LastSeq);
            var known = ends.GetValueOrDefault(stream) ?? new(found.Created, last);
            var isSooner = found.Created == known.Created ? last < Math.Max(known.Last, seen) : found.Created < known.Created;
            if (!isSooner || found.Cluster?.Replicas is not { Count: > 0 })
            {
                ends[stream] = new(found.Created, last);
                return;
            }

            var doubt = known.Doubt is { } before && time.GetElapsedTime(before.UpTo, now) < Gap ? before with { UpTo = now } : (From: now, UpTo: now);
            if (time.GetElapsedTime(doubt.From, now) >= Confirmation)
            {
                ends[stream] = new(found.Created, last);
                return;
            }

            ends[stream] = known with { Doubt = doubt };
            throw new NoResponseException($"a server reports {last} as the last sequence of {stream}, which may come from a replica with an old state.");
        }
    }

    private sealed record End(DateTimeOffset Created, long Last, (long From, long UpTo)? Doubt = null);
}
