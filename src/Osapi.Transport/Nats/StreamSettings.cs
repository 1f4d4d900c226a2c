using NATS.Client.JetStream.Models;

namespace Osapi.Transport.Nats;

/// <summary>
/// The settings of the streams. The client library receives them, and the broker's answer is compared with them.
/// </summary>
internal static class StreamSettings
{
    /// <summary>The maximum size of a command, in bytes; larger content goes into an object.</summary>
    public const int MaxCommandSize = 512 * 1024;

    private static readonly TimeSpan DuplicateWindow = TimeSpan.FromMinutes(2);

    public static IReadOnlyList<StreamConfig> For(NatsOptions options)
    {
        NatsNames names = new(options.Prefix);
        return
        [
            // First, so that agents waiting for the streams always find the roster.
            Keys(names.Roster),
            Log(StreamName.Jobs, options.KeepJobs),
            Log(StreamName.Commands, options.KeepCommands) with { MaxMsgSize = MaxCommandSize },
            Log(StreamName.WorkQueue, options.KeepCommands) with { Retention = StreamConfigRetention.Workqueue },
            // One message per key. The clock's stamps are beside the keys, where no reader of keys sees them.
            Keys(names.Hosts, $"{names.Clock}*"),
            // No stream that an agent may publish to accepts a roll-up, which could remove other hosts' messages.
            Bucket(names.Results, options.KeepJobs),
            Bucket(names.Files, TimeSpan.Zero) with { AllowRollupHdrs = true },
            // Agents do not wait for them: controllers of an earlier version do not create them. Controllers remove runs: what a run owes lasts
            // longer than its jobs.
            .. options.CreateStreams ? (IEnumerable<StreamConfig>)[Bucket(names.Requests, options.KeepJobs) with { AllowRollupHdrs = true }, Log(StreamName.Runs, TimeSpan.Zero), Log(StreamName.Audit, options.KeepJobs)] : [],
        ];

        StreamConfig Log(StreamName stream, TimeSpan keep) => Stream(names.StreamOf(stream), keep, $"{names.SubjectsOf(stream)}>");

        StreamConfig Bucket(string bucket, TimeSpan keep) =>
            Stream(NatsNames.ObjectStream(bucket), keep, $"{NatsNames.Chunks(bucket)}>", $"{NatsNames.Descriptions(bucket)}>");

        StreamConfig Keys(string bucket, params string[] more) =>
            Stream(NatsNames.KeyStream(bucket), TimeSpan.Zero, [$"{NatsNames.Keys(bucket)}>", .. more]) with { MaxMsgsPerSubject = 1, MaxMsgSize = MaxCommandSize };

        StreamConfig Stream(string name, TimeSpan keep, params string[] subjects) => new(name, subjects)
        {
            Retention = StreamConfigRetention.Limits,
            Storage = StreamConfigStorage.File,
            // A full stream refuses new messages; it never drops a state before the command that it answers.
            Discard = StreamConfigDiscard.New,
            MaxAge = keep,
            DuplicateWindow = keep > TimeSpan.Zero && keep < DuplicateWindow ? keep : DuplicateWindow,
            NumReplicas = options.Replicas,
            AllowDirect = true,
        };
    }

    public static ConsumerConfig Queue(NatsOptions options, QueueName queue) => new(NatsNames.ConsumerOf(queue))
    {
        FilterSubject = new NatsNames(options.Prefix).SubjectsOf(StreamName.WorkQueue) + NatsNames.ConsumerOf(queue),
        AckPolicy = ConsumerConfigAckPolicy.Explicit,
        AckWait = options.AcknowledgeTimeout,
        MaxDeliver = -1,
        // Each free slot of each agent waits with one request; the default of 512 would refuse the next one.
        MaxWaiting = 20_000,
        MaxAckPending = 20_000,
    };
}
