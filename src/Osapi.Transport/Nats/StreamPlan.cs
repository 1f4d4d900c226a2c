using NATS.Client.JetStream.Models;

namespace Osapi.Transport.Nats;

/// <summary>The streams that the transport stands on. The client library is told their settings, and the broker's answer is compared with them.</summary>
internal static class StreamPlan
{
    /// <summary>The largest command; what is larger goes into an object.</summary>
    public const int LargestCommand = 512 * 1024;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(2);

    public static IReadOnlyList<StreamConfig> For(NatsOptions options)
    {
        Layout layout = new(options.Prefix);
        return
        [
            // First: agents that wait for the streams find the roster in any case.
            Keys(layout.Roster),
            Log(StreamName.Jobs, options.KeepJobs),
            Log(StreamName.Commands, options.KeepCommands) with { MaxMsgSize = LargestCommand },
            Log(StreamName.Any, options.KeepCommands) with { Retention = StreamConfigRetention.Workqueue },
            // One message a key. The clock's stamps are beside the keys: no reader of keys sees them.
            Keys(layout.Hosts, $"{layout.Clock}*"),
            // No stream that an agent may publish to takes a roll-up: it would remove what belongs to others.
            Bucket(layout.Results, options.KeepJobs),
            Bucket(layout.Files, TimeSpan.Zero) with { AllowRollupHdrs = true },
        ];

        StreamConfig Log(StreamName stream, TimeSpan keep) => Stream(layout.StreamOf(stream), keep, $"{layout.SubjectsOf(stream)}>");

        StreamConfig Bucket(string bucket, TimeSpan keep) =>
            Stream(Layout.ObjectStream(bucket), keep, $"{Layout.Chunks(bucket)}>", $"{Layout.Descriptions(bucket)}>");

        StreamConfig Keys(string bucket, params string[] more) =>
            Stream(Layout.KeyStream(bucket), TimeSpan.Zero, [$"{Layout.Keys(bucket)}>", .. more]) with { MaxMsgsPerSubject = 1, MaxMsgSize = LargestCommand };

        StreamConfig Stream(string name, TimeSpan keep, params string[] subjects) => new(name, subjects)
        {
            Retention = StreamConfigRetention.Limits,
            Storage = StreamConfigStorage.File,
            // A full stream refuses; it never drops a state before the command that it answers.
            Discard = StreamConfigDiscard.New,
            MaxAge = keep,
            DuplicateWindow = keep > TimeSpan.Zero && keep < Window ? keep : Window,
            NumReplicas = options.Replicas,
            AllowDirect = true,
        };
    }

    public static ConsumerConfig Queue(NatsOptions options, QueueName queue) => new(Layout.ConsumerOf(queue))
    {
        FilterSubject = new Layout(options.Prefix).SubjectsOf(StreamName.Any) + Layout.ConsumerOf(queue),
        AckPolicy = ConsumerConfigAckPolicy.Explicit,
        AckWait = options.AcknowledgeWithin,
        MaxDeliver = -1,
        // One request waits for each free slot of each agent; the default of 512 refuses the next one.
        MaxWaiting = 20_000,
        MaxAckPending = 20_000,
    };
}
