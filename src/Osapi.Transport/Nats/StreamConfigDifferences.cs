using System.Globalization;
using NATS.Client.JetStream.Models;

namespace Osapi.Transport.Nats;

/// <summary>
/// The differences between our settings and those the broker applied. An old server silently ignores unknown settings.
/// </summary>
internal static class StreamConfigDifferences
{
    /// <summary>Gets the differing settings that the protocol relies on and that cannot or must not be changed.</summary>
    public static IEnumerable<string> Fixed(StreamConfig wanted, StreamConfig found) =>
        Of(
            ("subjects", List(wanted.Subjects), List(found.Subjects)),
            ("retention", wanted.Retention, found.Retention),
            ("storage", wanted.Storage, found.Storage),
            ("messages per subject", Limit(wanted.MaxMsgsPerSubject), Limit(found.MaxMsgsPerSubject)),
            ("discard", wanted.Discard, found.Discard),
            ("sealed", wanted.Sealed, found.Sealed),
            ("no acknowledgements", wanted.NoAck, found.NoAck));

    /// <summary>Gets the differing settings that may change, and that controllers set again.</summary>
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
            ("acknowledgement timeout", wanted.AckWait, found.AckWait),
            ("most deliveries", wanted.MaxDeliver, found.MaxDeliver),
            ("maximum number of waiting requests", wanted.MaxWaiting, found.MaxWaiting),
            ("maximum number of unacknowledged messages", wanted.MaxAckPending, found.MaxAckPending),
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

    // The broker reports -1 for no limit.
    private static long Limit(long limit) => limit <= 0 ? -1 : limit;
}
