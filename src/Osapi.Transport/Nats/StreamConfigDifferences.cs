using System.Globalization;
using NATS.Client.JetStream.Models;

namespace Osapi.Transport.Nats;

/// <summary>What the broker made of our settings. An old server leaves out what it does not know, without a word.</summary>
internal static class StreamConfigDifferences
{
    /// <summary>Settings that the protocol stands on and that cannot be changed, or must not be.</summary>
    public static IEnumerable<string> Fixed(StreamConfig wanted, StreamConfig found) =>
        Of(
            ("subjects", List(wanted.Subjects), List(found.Subjects)),
            ("retention", wanted.Retention, found.Retention),
            ("storage", wanted.Storage, found.Storage),
            ("messages per subject", Limit(wanted.MaxMsgsPerSubject), Limit(found.MaxMsgsPerSubject)),
            ("discard", wanted.Discard, found.Discard),
            ("sealed", wanted.Sealed, found.Sealed),
            ("no acknowledgements", wanted.NoAck, found.NoAck));

    /// <summary>Settings that may change, and that whoever creates streams sets again.</summary>
    public static IEnumerable<string> Adjustable(StreamConfig wanted, StreamConfig found) =>
        Of(
            ("maximum age", wanted.MaxAge, found.MaxAge),
            ("replicas", wanted.NumReplicas, found.NumReplicas),
            ("maximum size of a message", Limit(wanted.MaxMsgSize), Limit(found.MaxMsgSize)),
            ("duplicate window", wanted.DuplicateWindow, found.DuplicateWindow),
            ("direct get", wanted.AllowDirect, found.AllowDirect),
            ("roll-up", wanted.AllowRollupHdrs, found.AllowRollupHdrs));

    public static IEnumerable<string> Of(ConsumerConfig wanted, ConsumerConfig found) =>
        Of(
            ("acknowledgement", wanted.AckPolicy, found.AckPolicy),
            ("time to acknowledge", wanted.AckWait, found.AckWait),
            ("most deliveries", wanted.MaxDeliver, found.MaxDeliver),
            ("most waiting requests", wanted.MaxWaiting, found.MaxWaiting),
            ("most unacknowledged messages", wanted.MaxAckPending, found.MaxAckPending),
            ("filter", wanted.FilterSubject ?? "", found.FilterSubject ?? ""));

    private static IEnumerable<string> Of(params ReadOnlySpan<(string Name, object Wanted, object Found)> settings)
    {
        List<string> differences = [];
        foreach (var (name, wanted, found) in settings)
            if (!wanted.Equals(found))
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {found} instead of {wanted}"));
        return differences;
    }

    private static string List(ICollection<string>? subjects) => string.Join(' ', (subjects ?? []).Order(StringComparer.Ordinal));

    // The broker says -1 for what is not limited.
    private static long Limit(long limit) => limit <= 0 ? -1 : limit;
}
